from __future__ import annotations

import itertools
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from casrules.findings import Draft, Location, Message, Suppression, Violation, assemble
from casrules.findings.draft import merge
from casrules.findings.folding import fold, link

SILENCED = Suppression(by="A. Clerk", reason="known", until="2030-01-01")
SEVERITIES = st.sampled_from(["error", "warning", "info"])


@st.composite
def connected(draw: st.DrawFn) -> list[Violation]:
    """Violations with arbitrary causes among each other: chains, circles, unknown causes, suppressed ones."""
    names = [f"f{number}" for number in range(draw(st.integers(0, 12)))]
    found = []
    for name in names:
        causes = draw(st.lists(st.sampled_from([*names, "elsewhere"]), max_size=3, unique=True))
        found.append(
            Violation(
                rule=draw(st.sampled_from(["demo.R1", "demo.R2"])),
                fingerprint=name,
                severity=draw(SEVERITIES),
                message=Message(key="m", text="t"),
                locations=(Location(path="p", line=draw(st.one_of(st.none(), st.integers(1, 9)))),),
                caused_by=tuple(causes),
                suppression=SILENCED if draw(st.integers(0, 4)) == 0 else None,
            )
        )
    return found


@given(connected())
def test_folding_loses_and_invents_nothing(violations: list[Violation]) -> None:
    folded = fold(violations)
    assert Counter(v.fingerprint for v in folded) == Counter(v.fingerprint for v in violations)
    severities = {v.fingerprint: v.severity for v in violations}
    assert {v.fingerprint: v.severity for v in folded} == severities


@given(connected())
def test_every_child_is_counted_under_a_root_of_at_least_its_severity(violations: list[Violation]) -> None:
    folded = fold(violations)
    roots = {v.fingerprint: v for v in folded if v.is_root}
    children = [v for v in folded if not v.is_root]
    assert Counter(v.folded_under for v in children) == {k: v.folded for k, v in roots.items() if v.folded}
    order = ["error", "warning", "info"]
    for root in roots.values():
        group = [root.severity, *(c.severity for c in children if c.folded_under == root.fingerprint)]
        assert root.alert_severity == min(group, key=order.index)
    assert all(child.alert_severity is None and child.folded == 0 for child in children)


@given(connected())
def test_suppressed_violations_neither_fold_nor_hide_others(violations: list[Violation]) -> None:
    folded = fold(violations)
    silenced = {v.fingerprint for v in folded if not v.stands}
    assert all(v.is_root and v.folded == 0 for v in folded if not v.stands)
    assert not any(v.folded_under in silenced for v in folded)
    assert [v.stands for v in folded] == sorted((v.stands for v in folded), reverse=True)


@given(connected(), st.randoms(use_true_random=False))
def test_the_result_is_one_order_whatever_came_first(violations: list[Violation], random: object) -> None:
    shuffled = list(violations)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert fold(shuffled) == fold(violations)
    assert fold(fold(violations)) == fold(violations)


@given(connected())
def test_children_follow_their_root_and_alerts_go_from_worst_to_mildest(violations: list[Violation]) -> None:
    order = ["error", "warning", "info"]
    ranks = []
    root = ""
    for each in fold(violations):
        if each.is_root:
            root = each.fingerprint
            ranks.append((not each.stands, order.index(each.alert_severity or "info")))
        else:
            assert each.folded_under == root
    assert ranks == sorted(ranks)


@given(connected())
def test_only_what_follows_from_another_folds_and_circles_keep_an_alert(violations: list[Violation]) -> None:
    standing = {v.fingerprint for v in violations if v.stands}
    for each in fold(violations):
        causes = (set(each.caused_by) - {each.fingerprint}) & standing
        if each.stands and not causes:
            assert each.is_root
        if not each.is_root:
            assert causes
    assert not standing or any(v.is_root and v.stands for v in fold(violations))


ITEM_1 = (("houses", 0), ("items", 0))
ITEM_2 = (("houses", 0), ("items", 1))


def test_a_violation_folds_under_its_cause_on_the_same_entity_or_an_ancestor(draft) -> None:
    package = (*ITEM_1, ("packages", 0))
    drafts = [
        draft("cause", rule="demo.A", entity=ITEM_1),
        draft("same", rule="demo.B", entity=ITEM_1, after=("demo.A",)),
        draft("below", rule="demo.B", entity=package, after=("demo.A",)),
        draft("other", rule="demo.B", entity=ITEM_2, after=("demo.A",)),
        draft("above", rule="demo.B", entity=ITEM_1[:1], after=("demo.A",)),
    ]
    under = {v.fingerprint: v.folded_under for v in fold(link(merge(drafts)))}
    assert under == {"cause": None, "same": "cause", "below": "cause", "other": None, "above": None}


def test_a_mild_cause_of_an_error_is_shown_as_an_error(draft) -> None:
    found = assemble([draft("c", rule="demo.A", severity="warning"), draft("e", rule="demo.B", after=("demo.A",))])
    cause, effect = found.violations
    assert (cause.fingerprint, cause.severity, cause.alert_severity, cause.folded) == (
        "c",
        "warning",
        "error",
        1,
    )
    assert (effect.folded_under, found.totals.errors, found.totals.warnings) == ("c", 1, 1)
    assert (found.totals.alerts, found.totals.folded) == (1, 1)


def test_a_circle_of_ten_thousand_ends(violation) -> None:
    size = 10_000
    ring = [violation(f"{n:05}", caused_by=(f"{(n + 1) % size:05}",)) for n in range(size)]
    assert fold(ring)[0].folded == size - 1


def test_one_finding_said_twice_is_one_violation_with_both_places(draft) -> None:
    drafts = [draft("f", path="a", line=4), draft("f", path="b", line=9), draft("f", path="a", line=4)]
    (merged,) = merge(drafts)
    assert [place.path for place in merged.violation.locations] == ["a", "b"]


def test_other_messages_under_one_fingerprint_stay_apart_in_any_order(draft) -> None:
    drafts = [draft("f", text=text) for text in ("first", "second", "second", "third")]
    results = set()
    for order in itertools.permutations(drafts):
        merged = sorted((m.violation.message.text, m.violation.fingerprint) for m in merge(order))
        results.add(tuple(merged))
    (only,) = results
    assert [text for text, _ in only] == ["first", "second", "third"]
    assert len({identity for _, identity in only}) == 3
    assert dict(only)["first"] == "f"


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("xyz"), SEVERITIES), max_size=8))
def test_merging_keeps_every_message_and_the_highest_severity(said: list[tuple[str, str, str]]) -> None:
    drafts = [
        Draft(Violation(rule="r", fingerprint=f, severity=s, message=Message(key=m, text=m)))  # type: ignore[arg-type]
        for f, m, s in said
    ]
    merged = [entry.violation for entry in merge(drafts)]
    assert len(merged) == len({(f, m) for f, m, _ in said})
    assert len({v.fingerprint for v in merged}) == len(merged)
    order = ["error", "warning", "info"]
    best = Counter(
        min((s for f, m, s in said if (f, m) == pair), key=order.index) for pair in {(f, m) for f, m, _ in said}
    )
    assert Counter(v.severity for v in merged) == best
