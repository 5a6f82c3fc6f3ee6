from __future__ import annotations

import re

from casrules.findings import (
    Draft,
    Location,
    Message,
    ReferenceDate,
    Report,
    RuleRun,
    Stage,
    Violation,
    assemble,
    judge,
)
from casrules.limits import Limits
from casrules.render import RenderOptions, render

DONE = (Stage(name="schema", status="completed"), Stage(name="rules", status="completed"))
DATED = ReferenceDate(date="2025-02-01", origin="argument")
COLOUR = re.compile("\x1b\\[[0-9;]*m")


def many(number: int, limits: Limits | None = None) -> Report:
    drafts = [
        Draft(
            Violation(
                rule="demo.R1",
                fingerprint=f"{n:05}",
                message=Message(key="m", text=f"Item {n} is wrong."),
                locations=(Location(path=f"items[number={n}]", line=n),),
            )
        )
        for n in range(1, number + 1)
    ]
    found = assemble(drafts, limits=limits or Limits())
    verdict = judge(found.totals, DONE, DATED)
    return Report(as_of=DATED, stages=DONE, violations=found.violations, totals=found.totals, verdict=verdict)


def test_colours_change_nothing_but_colours(rejected: Report) -> None:
    painted = render(rejected, "text", RenderOptions(color=True))
    assert "\x1b[1;31merror\x1b[0m" in painted
    assert COLOUR.sub("", painted) == render(rejected, "text")


def test_lines_keep_to_the_width(rejected: Report) -> None:
    for width in (60, 80, 120):
        text = render(rejected, "text", RenderOptions(width=width))
        long = [line for line in text.splitlines() if len(line) > width and "  " not in line.strip()]
        assert all(max(map(len, line.split())) > width // 2 for line in long)
    narrow = render(rejected, "text", RenderOptions(width=60)).split()
    assert narrow == render(rejected, "text", RenderOptions(width=120)).split()


def test_a_rule_that_fails_everywhere_is_told_three_times_and_then_by_its_places() -> None:
    text = render(many(9_999), "text")
    assert text.count("is wrong.") == 3
    assert "demo.R1 failed at 9996 more places (--all shows them):" in text
    assert "items[number=4], items[number=5]" in text and "and 9988 more" in text
    assert "9999 errors" in text
    assert render(many(12), "text", RenderOptions(show_all=True)).count("is wrong.") == 12


def test_a_list_that_was_cut_off_shouts_in_every_format() -> None:
    report = many(10, Limits(reported_violations=4))
    for name in ("text", "sarif", "junit", "github", "csv", "html", "errors"):
        assert "LIST CUT OFF" in render(report, name), name
    assert '"violations":10' in render(report, "json")


def test_sarif_stops_at_what_a_host_shows_and_says_so() -> None:
    written = render(many(5_003), "sarif")
    assert written.count('"ruleId"') == 5_000
    assert "LIST CUT OFF: 5000 of 5003 results are listed" in written


def test_quiet_is_one_line_and_silent_on_accept(rejected: Report, accepted: Report) -> None:
    text = render([rejected, accepted], "text", RenderOptions(quiet=True))
    assert text.splitlines() == [
        "reject declarations/cc015c.xml: 2 errors, 1 warning, 6 notes from 8 root causes; 1 suppressed"
    ]


def test_a_renderer_reads_one_report_at_a_time(accepted: Report) -> None:
    from casrules.render import FORMATS, renderer

    for name in set(FORMATS) - {"sarif"}:
        given = 0

        def reports():  # type: ignore[no-untyped-def]
            nonlocal given
            for _ in range(5):
                given += 1
                yield accepted

        seen = []
        for piece in renderer(name)(reports(), RenderOptions()):
            if "good.xml" in piece or "0000000002" in piece:
                seen.append(given)
        assert len(set(seen)) >= 4 or name == "errors", name


def test_rule_runs_are_counted_where_they_were_asked_for(accepted: Report) -> None:
    runs = tuple(RuleRun(rule=f"demo.R{n}", status=s) for n, s in enumerate(("passed", "passed", "not_applicable")))
    text = render(accepted.model_copy(update={"rule_runs": runs}), "text")
    assert "3 rules: 1 not applicable, 2 passed" in text
    assert "rules:" not in render(accepted, "text")


def shown(place: Location, width: int = 100) -> str:
    drafts = [
        Draft(Violation(rule="demo.R1", fingerprint="1", message=Message(key="m", text="No."), locations=(place,)))
    ]
    found = assemble(drafts)
    report = Report(violations=found.violations, totals=found.totals, verdict=judge(found.totals, DONE, DATED))
    return render(report, "text", RenderOptions(width=width))


def test_what_is_missing_is_said_of_the_path_that_names_it() -> None:
    terms = Location(path="delivery_terms.location", label="place", missing="LocationName", xpath="/D/T", line=52)
    assert "delivery_terms.location is missing (place), line 52 lacks LocationName" in shown(terms)
    element = Location(path="/D/T", label="LRN", missing="LRN", xpath="/D/T", line=9)
    assert "/D/T lacks LRN, line 9" in shown(element)
    entry = Location(path="items[number=1]", missing="packages", xpath="/D/I", line=3)
    assert "items[number=1] lacks packages, line 3" in shown(entry)


def test_a_line_break_does_not_part_element_numbers_or_lines() -> None:
    place = Location(path="consignment.gross_mass", label="total gross mass", number="18 03 001 000", line=61)
    for width in range(40, 90):
        text = shown(place, width)
        assert "18 03 001 000" in text and "line 61" in text, width


def test_a_title_that_does_not_fit_goes_below() -> None:
    title = "The declared number of items is the number of items in the message"
    drafts = [Draft(Violation(rule="demo.R1", fingerprint="1", title=title, message=Message(key="m", text="No.")))]
    found = assemble(drafts)
    report = Report(violations=found.violations, totals=found.totals, verdict=judge(found.totals, DONE, DATED))
    assert f"error demo.R1  {title}\n" in render(report, "text", RenderOptions(width=100))
    assert f"error demo.R1\n  {title}\n" in render(report, "text", RenderOptions(width=70))


def test_stages_that_one_cause_has_stopped_are_told_together() -> None:
    why = "the document cannot be read"
    stages = (
        Stage(name="parse", status="failed", reason=why),
        Stage(name="schema", status="skipped", reason=why),
        Stage(name="rules", status="skipped", reason=why),
    )
    report = Report(stages=stages, verdict=judge(assemble([]).totals, stages, DATED))
    assert "  not judged: parse, schema, rules: the document cannot be read\n" in render(report, "text")
