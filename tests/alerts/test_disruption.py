"""Disruptions: each situation of the policy, and what must not matter: order, repetition, persistence."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casrules.alerts.attempts import Attempt, attempt_from, read_attempts
from casrules.alerts.disruption import Assessment, Disruptions
from casrules.alerts.notices import Notice, load_notices, read_notice
from casrules.alerts.sending import shipped_sending
from casrules.errors import PackError, UsageError

START = datetime(2025, 2, 1, 8, 0, tzinfo=UTC)
Told = tuple[str, str, str, float, str]
"""System, declaration, sender, minute, what happened: `taken`, `answered`, or a kind of failure."""


def event(number: int, told: Told) -> Attempt:
    system, declaration, sender, minute, what = told
    failed = what not in ("taken", "answered")
    return Attempt(
        id=f"e{number}",
        at=START + timedelta(minutes=minute),
        system=system,
        declaration=declaration,
        sender=sender,
        event="failed" if failed else what,  # type: ignore[arg-type]
        kind=what if failed else "",
    )


def judged(*told: Told, at: float = 60, notices: tuple[Notice, ...] = ()) -> dict[str, Assessment]:
    kept = Disruptions()
    for number, one in enumerate(told):
        kept.observe(event(number, one))
    return {one.system: one for one in kept.assess(START + timedelta(minutes=at), notices)}


PLANNED = Notice("CDS", "planned", START, START + timedelta(hours=4), deliver="hold", fallback="urgent", number="N0467")
SITUATIONS: dict[str, tuple[str, str, list[Told]]] = {
    "all is well": ("working", "normal", [("CDS", "L1", "A", 0, "taken"), ("CDS", "L1", "A", 1, "answered")]),
    "one failure": ("unclear", "careful", [("CDS", "L1", "A", 0, "unavailable")]),
    "three of two senders": (
        "outage", "hold",
        [("CDS", "L1", "A", 0, "unavailable"), ("CDS", "L2", "B", 1, "reset"), ("CDS", "L3", "A", 2, "refused")],
    ),
    "all of the only sender": (
        "outage", "hold",
        [("CDS", f"L{n}", "A", n, "unavailable") for n in range(3)] + [("AES", "M", "A", 2, "taken")],
    ),
    "two for a quarter of an hour": (
        "outage", "hold",
        [("CDS", "L1", "A", 0, "refused"), ("CDS", "L2", "A", 1, "refused"), ("CDS", "L1", "A", 16, "refused"),
         ("CDS", "L2", "A", 16, "refused")],
    ),
    "one message again and again": (
        "poison", "normal",
        [("CDS", "L1", "A", 0, "server-error"), ("CDS", "L2", "A", 1, "taken"), ("CDS", "L1", "A", 2, "server-error")],
    ),
    "own certificate": ("own_fault", "hold", [("CDS", "L1", "A", 0, "tls-client-certificate")]),
    "announced by the system": ("planned_maintenance", "hold", [("CDS", "L1", "A", 0, "maintenance")]),
    "nothing gets out at all": (
        "own_network", "hold",
        [("CDS", "L1", "A", 0, "unreachable"), ("CDS", "L2", "A", 1, "unreachable"),
         ("AES", "M1", "A", 1, "unreachable")],
    ),
    "taken and not answered": ("silent", "careful", [("CDS", "L1", "A", -5, "taken"), ("CDS", "L2", "A", 0, "taken")]),
    "working again": (
        "recovered", "careful",
        [("CDS", f"L{n}", "A", n, "unavailable") for n in range(3)] + [("CDS", "L9", "A", 4, "taken")],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SITUATIONS)
def test_situations(name: str) -> None:
    state, sending, told = SITUATIONS[name]
    found = judged(*told)["CDS"]
    assert (found.state, found.sending) == (state, sending), dict(found.facts)
    assert found.advice or state == "working"


def test_every_state_of_the_policy_is_shown_by_a_case() -> None:
    shown = {state for state, _, _ in SITUATIONS.values()} | {"outage_announced"}
    assert shown == {row.state for row in shipped_sending().policy.situations}


def test_notices_come_first_and_end() -> None:
    told: Told = ("CDS", "L1", "A", 0, "unavailable")
    found = judged(told, notices=(PLANNED,))["CDS"]
    assert found.state == "planned_maintenance" and found.until == PLANNED.end and found.notices == (PLANNED,)
    assert any("cannot wait" in text for text in found.advice) and any("Send nothing" in text for text in found.advice)
    assert found.retries[0].at == PLANNED.end
    assert judged(told, at=240, notices=(PLANNED,))["CDS"].state == "unclear"
    assert judged(told, notices=(Notice("AES", "planned", START),))["CDS"].state == "unclear"
    assert judged(told, notices=(Notice("CDS", "incident", START),))["CDS"].state == "outage_announced"
    assert judged(told, notices=(Notice("CDS", "planned"),))["CDS"].state == "unclear"


def test_the_seam_for_continuity_tables_is_asked_only_where_it_may_help() -> None:
    def table(system: str, state: str) -> list[str]:
        return [f"{system} {state}: paper"]

    kept = Disruptions()
    for number, one in enumerate(SITUATIONS["three of two senders"][2]):
        kept.observe(event(number, one))
    kept.observe(event(9, ("AES", "M", "A", 0, "credentials")))
    found = {one.system: one.continuity for one in kept.assess(START + timedelta(hours=1), (), table)}
    assert found == {"CDS": ("CDS outage: paper",), "AES": ()}


def test_what_may_have_arrived_is_asked_for_first_and_waits_grow() -> None:
    waits = []
    for count in range(1, 8):
        told: list[Told] = [("CDS", "L1", "A", minute, "read-timeout") for minute in range(count)]
        (retry,) = judged(*told)["CDS"].retries
        assert retry.failures == count and retry.delivered == "unknown" and "first" in retry.advice
        waits.append(retry.at - START - timedelta(minutes=count - 1) if retry.at else None)
    known = [wait for wait in waits if wait is not None]
    assert len(known) == 5 and known == sorted(known) and waits[5:] == [None, None]
    assert judged(("CDS", "L1", "A", 0, "bad-request"))["CDS"].retries[0].at is None


def test_an_error_of_no_kind_is_handled_as_perhaps_delivered() -> None:
    (retry,) = judged(("CDS", "L1", "A", 0, "nobody knows"))["CDS"].retries
    assert retry.delivered == "unknown" and retry.title == "an error of no known kind"


def test_texts_are_looked_at_where_no_kind_is_told() -> None:
    kept = Disruptions()
    kept.observe(Attempt("1", START, "CDS", "L1", "failed", text="HTTP/1.1 503 x\r\n\r\n"))
    (found,) = kept.assess(START)
    assert found.retries[0].kind == "unavailable"


_EVENTS = st.lists(
    st.tuples(
        st.sampled_from(["CDS", "AES"]),
        st.sampled_from(["L1", "L2", "L3", "L4"]),
        st.sampled_from(["A", "B"]),
        st.integers(0, 8),
        st.sampled_from(["taken", "answered", "unavailable", "reset", "credentials", "maintenance"]),
    ),
    max_size=25,
)


@given(_EVENTS, st.randoms(use_true_random=False))
@settings(max_examples=150, deadline=None)
def test_order_and_repetition_do_not_matter_and_what_is_kept_can_be_written(told: list[Told], random: object) -> None:
    events = [event(number, one) for number, one in enumerate(told)]
    at = START + timedelta(minutes=70)
    first = Disruptions()
    for one in events:
        first.observe(one)
    expected = first.assess(at, (PLANNED,))

    again = events + events[: len(events) // 2]
    random.shuffle(again)  # type: ignore[attr-defined]
    other = Disruptions()
    for at_, one in enumerate(again):
        other.observe(one)
        if at_ == len(again) // 2:
            other = Disruptions.from_data(json.loads(json.dumps(other.to_data())))
    assert other.assess(at, (PLANNED,)) == expected
    assert other.to_data() == first.to_data()


@given(_EVENTS, st.integers(0, 8))
@settings(max_examples=60, deadline=None)
def test_the_past_does_not_know_the_future(told: list[Told], minute: int) -> None:
    at = START + timedelta(minutes=minute)
    every, past = Disruptions(), Disruptions()
    for number, one in enumerate(told):
        every.observe(event(number, one))
        if one[3] <= minute:
            past.observe(event(number, one))
    assert every.assess(at) == past.assess(at)


def test_of_two_events_with_one_id_the_same_is_kept_whatever_the_order() -> None:
    one, other = event(1, ("CDS", "L1", "A", 0, "reset")), event(1, ("CDS", "L2", "A", 3, "taken"))
    kept = []
    for pair in ((one, other), (other, one)):
        disruptions = Disruptions()
        for told in pair:
            disruptions.observe(told)
        kept.append(disruptions.to_data())
    assert kept[0] == kept[1]


def test_the_old_is_forgotten_by_the_events_time() -> None:
    kept = Disruptions()
    kept.observe(event(1, ("CDS", "L1", "A", 0, "reset")))
    kept.observe(event(2, ("AES", "L2", "A", 60 * 24 * 3, "taken")))
    assert [one.system for one in kept.assess(START + timedelta(days=9))] == ["AES"]


def test_many_events_cost_linear_time() -> None:
    import time

    def cost(count: int) -> float:
        kept = Disruptions()
        begun = time.perf_counter()
        for number in range(count):
            kept.observe(event(number, ("CDS", f"L{number}", "A", number / count * 60, "reset")))
        kept.assess(START + timedelta(hours=2))
        return time.perf_counter() - begun

    cost(1_000)
    small = min(cost(2_000) for _ in range(3))
    assert min(cost(16_000) for _ in range(2)) < 16 * small


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"id": "1", "at": "2025-02-01T08:00:00", "system": "C", "declaration": "L", "event": "taken"},
        {"id": "1", "at": "soon", "system": "C", "declaration": "L", "event": "taken"},
        {"id": "1", "at": "2025-02-01T08:00:00Z", "system": "C", "declaration": "L", "event": "lost"},
        {"id": "1", "at": "2025-02-01T08:00:00Z", "system": "C", "declaration": "L", "event": "taken", "odd": 1},
    ],
)
def test_what_is_no_event_is_misuse(data: dict[str, str]) -> None:
    with pytest.raises(UsageError):
        attempt_from(data)


def test_lines_that_are_no_events_are_told() -> None:
    good = json.dumps(event(1, ("CDS", "L1", "A", 0, "reset")).to_data())
    found = list(read_attempts([good, "", "{", "[]", "{}", "[" * 5_000]))
    assert [(number, isinstance(one, Attempt)) for number, one in found] == [
        (1, True),
        (3, False),
        (4, False),
        (5, False),
        (6, False),
    ]


def test_times_without_an_offset_and_strange_data_are_misuse() -> None:
    with pytest.raises(UsageError):
        Disruptions().assess(datetime(2025, 2, 1))
    with pytest.raises(UsageError):
        Disruptions.from_data({"version": 9})


def test_offsets_do_not_matter() -> None:
    zone = timezone(timedelta(hours=5))
    one, other = Disruptions(), Disruptions()
    for number, told in enumerate(SITUATIONS["three of two senders"][2]):
        one.observe(event(number, told))
        moved = event(number, told).to_data() | {"at": event(number, told).at.astimezone(zone).isoformat()}
        other.observe(attempt_from(moved))
    at = START + timedelta(hours=1)
    assert [x.state for x in one.assess(at)] == [x.state for x in other.assess(at.astimezone(zone))]


def test_notice_files(tmp_path: Path) -> None:
    csv, yaml = tmp_path / "n.csv", tmp_path / "n.yaml"
    csv.write_text(
        "system,kind,start,end,deliver,after,fallback,number,text\n"
        "CDS,planned,2025-02-01T08:00:00+00:00,2025-02-01T12:00:00+00:00,hold,,urgent,N0467,\n",
        encoding="utf-8",
    )
    yaml.write_text(
        "notices:\n  - {system: CDS, kind: planned, start: '2025-02-01T08:00:00+00:00', end: '2025-02-01T12:00:00Z',"
        " deliver: hold, fallback: urgent, number: N0467}\n",
        encoding="utf-8",
    )
    assert load_notices(csv) == load_notices(yaml) == (PLANNED,)


@pytest.mark.parametrize(
    "row", ["{kind: planned}", "{system: C, kind: storm}", "{system: C, start: noon}", "{system: C, odd: 1}", "text",
            "{system: C, start: '2025-02-01T08:00:00'}"],
)  # fmt: skip
def test_broken_notices_are_told(tmp_path: Path, row: str) -> None:
    path = tmp_path / "n.yaml"
    path.write_text(f"notices:\n  - {row}\n", encoding="utf-8")
    with pytest.raises(PackError):
        load_notices(path)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Planned maintenance of NCTS. Please do not send any declarations.", {"kind": "planned", "deliver": "hold"}),
        ("Incident: messages are buffered, return messages will follow.", {"kind": "incident", "deliver": "buffered"}),
        ("Service window. The use of fallback procedure is allowed.", {"kind": "planned", "fallback": "open"}),
        ("Fallback has been deactivated.", {"fallback": "closed"}),
        ("Masterticket: INC0001234567, all procedures", {"kind": "incident", "number": "INC0001234567"}),
        ("Emergency procedure N0467-D:20250605-T083000", {"number": "N0467", "fallback": "open"}),
        ("Nothing to see", {}),
    ],
)  # fmt: skip
def test_phrases_of_notices(text: str, expected: dict[str, str]) -> None:
    found = read_notice(text, "X")
    told = {
        name: getattr(found, name)
        for name in ("kind", "deliver", "after", "fallback", "number")
        if getattr(found, name)
    }
    assert told == expected and found.start is None
