from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from casrules.findings import Location, Message, SuppressionEntry, Violation
from casrules.findings.suppression import suppress

RULES = ["eu.ncts.R1", "eu.ncts.R2", "gb.cds.R1"]
PATHS = ["items[number=1].gross_mass", "items[number=2].net_mass", "consignment.gross_mass"]
DATES = st.dates(date(2025, 1, 1), date(2025, 1, 9))


def entry(**fields: object) -> SuppressionEntry:
    values = {"by": "A. Clerk", "reason": "known fault of the list", "until": "2025-12-31"} | fields
    return SuppressionEntry.model_validate(values)


VIOLATIONS = st.lists(
    st.builds(
        lambda rule, path, mark: Violation(
            rule=rule,
            fingerprint=f"{rule}@{path}@{mark}",
            message=Message(key="m", text="t"),
            locations=(Location(path=path),),
        ),
        st.sampled_from(RULES), st.sampled_from(PATHS), st.integers(0, 1),
    ),
    max_size=5,
)  # fmt: skip
ENTRIES = st.lists(
    st.builds(
        entry,
        rule=st.sampled_from([*RULES, "eu.ncts.*", "*"]),
        path=st.sampled_from(["", "items.*", "**", *PATHS]),
        until=DATES,
        origin=st.sampled_from(["command_line", "project", "pack"]),
        by=st.sampled_from(["A", "B", "C"]),
    ),
    max_size=4,
)


@given(VIOLATIONS, ENTRIES, DATES)
def test_exactly_what_a_valid_entry_matches_is_silenced_and_nothing_is_lost(
    violations: list[Violation], entries: list[SuppressionEntry], as_of: date
) -> None:
    result = suppress(violations, entries, as_of.isoformat())
    assert [v.fingerprint for v in result.violations] == [v.fingerprint for v in violations]
    valid = [each for each in entries if as_of <= each.until]
    for violation in result.violations:
        assert violation.stands == (not any(each.matches(violation) for each in valid))


@given(VIOLATIONS, ENTRIES, DATES)
def test_every_entry_is_either_used_or_reported_with_the_reason(
    violations: list[Violation], entries: list[SuppressionEntry], as_of: date
) -> None:
    result = suppress(violations, entries, as_of.isoformat())
    expected = []
    for each in entries:
        if as_of > each.until:
            expected.append((each, "expired"))
        elif not any(each.matches(violation) for violation in violations):
            expected.append((each, "no_match"))
    assert [(unused.entry, unused.why) for unused in result.unused] == expected


@given(VIOLATIONS, ENTRIES, DATES)
def test_the_command_line_wins_over_the_project_and_the_project_over_the_pack(
    violations: list[Violation], entries: list[SuppressionEntry], as_of: date
) -> None:
    order = ["command_line", "project", "pack"]
    for violation in suppress(violations, entries, as_of.isoformat()).violations:
        if violation.suppression is not None:
            hits = [each for each in entries if as_of <= each.until and each.matches(violation)]
            assert violation.suppression.origin == min((each.origin for each in hits), key=order.index)


def test_without_a_reference_date_nothing_is_silenced_and_every_entry_is_reported(violation) -> None:
    result = suppress([violation("1")], [entry(rule="*")], None)
    assert result.violations[0].stands
    assert [unused.why for unused in result.unused] == ["no_reference_date"]


def test_the_last_day_still_counts(violation) -> None:
    entries = [entry(rule="*", until="2025-03-01")]
    assert not suppress([violation("1")], entries, "2025-03-01").violations[0].stands
    assert suppress([violation("1")], entries, "2025-03-02").violations[0].stands


def test_a_fingerprint_silences_one_finding(violation) -> None:
    result = suppress([violation("1"), violation("2")], [entry(fingerprint="2")], "2025-01-01")
    assert [v.stands for v in result.violations] == [True, False]


def test_a_rule_does_not_match_a_rule_it_only_begins(violation) -> None:
    result = suppress([violation("1", rule="demo.R10")], [entry(rule="demo.R1")], "2025-01-01")
    assert result.violations[0].stands


@pytest.mark.parametrize(
    "fields",
    [{}, {"rule": "a", "fingerprint": "b"}, {"fingerprint": "a", "path": "items"}, {"rule": "a", "by": " "},
     {"rule": "a", "reason": ""}, {"rule": "a", "until": "soon"}, {"rule": "a", "until": None}],
)  # fmt: skip
def test_an_entry_needs_one_target_a_name_a_reason_and_an_end(fields: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        entry(**fields)
