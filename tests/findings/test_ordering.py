from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from casrules.findings import Location, Message, Violation
from casrules.findings.ordering import highest, order_key, place_key

PLACES = st.builds(
    Location,
    path=st.text(max_size=5),
    record=st.sampled_from(["", "/a", "/a/0", "/a/2/b", "/a/10/b", "/a/b", "/10"]),
    line=st.one_of(st.none(), st.integers(1, 20)),
    offset=st.one_of(st.none(), st.integers(0, 9)),
)
VIOLATIONS = st.builds(
    Violation,
    rule=st.sampled_from(["a.R1", "b.R1"]),
    fingerprint=st.text("0123456789abcdef", min_size=4, max_size=4),
    severity=st.sampled_from(["error", "warning", "info"]),
    source=st.sampled_from(["technical", "inconsistency", "customs"]),
    message=st.builds(Message, key=st.sampled_from("km"), text=st.just("t")),
    locations=st.lists(PLACES, max_size=2).map(tuple),
)


@given(st.lists(VIOLATIONS, max_size=6, unique_by=lambda v: v.fingerprint))
def test_different_findings_are_never_tied_and_always_comparable(violations: list[Violation]) -> None:
    keys = [order_key(violation) for violation in violations]
    assert len(dict.fromkeys(sorted(keys))) == len(violations)


def test_the_second_entry_comes_before_the_tenth_and_lines_decide_first() -> None:
    second, tenth = (Location(path="p", record=f"/items/{n}") for n in (2, 10))
    assert place_key(second) < place_key(tenth)
    assert place_key(tenth.model_copy(update={"line": 3})) < place_key(second.model_copy(update={"line": 4}))


def test_the_gravest_severity_wins() -> None:
    assert highest("info", "error", "warning") == "error"
    assert highest("info", "warning") == "warning"
