"""Says in full how the findings of a declaration differ from those a test expects."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator

from casrules.findings import Report, Violation


def difference(report: Report, expected: Iterable[str]) -> str:
    """Empty where exactly the expected rules are violated; else what is missing and what is too much.

    A rule is named by its full id (`eu.ncts.R0223`) or the part after the pack (`R0223`). Suppressed violations do not
    count. Where the report has rule runs, it is told how a missing rule ended.
    """
    wanted = list(dict.fromkeys(expected))
    found = [violation for violation in report.violations if violation.stands]
    missing = [name for name in wanted if not any(_is(name, violation.rule) for violation in found)]
    surplus = [violation for violation in found if not any(_is(name, violation.rule) for name in wanted)]
    if not missing and not surplus:
        return ""
    return "\n".join(_lines(report, wanted, missing, surplus))


def _lines(report: Report, wanted: list[str], missing: list[str], surplus: list[Violation]) -> Iterator[str]:
    yield f"expected {', '.join(wanted) or 'no violation'}; {report}"
    for name in missing:
        yield f"  - {name} is not violated{_ending(report, name)}"
    for violation in surplus:
        line = violation.primary.line if violation.primary else None
        yield f"  + {violation}{f' (line {line})' if line else ''}"


def _ending(report: Report, name: str) -> str:
    if report.rule_runs is None:
        return ""
    run = next((run for run in report.rule_runs if _is(name, run.rule)), None)
    if run is not None:
        return f": it ended as {run.status}{f' ({run.reason})' if run.reason else ''}"
    known = [run.rule for run in report.rule_runs]
    near = difflib.get_close_matches(name, [*known, *(_short(rule) for rule in known)], n=1, cutoff=0.6)
    hint = f"; did you mean {near[0]}?" if near else "; see casrules trace"
    return f": no such rule ran on this message{hint}"


def _is(name: str, rule: str) -> bool:
    return rule == name or rule.endswith(f".{name}")


def _short(rule: str) -> str:
    return rule.rpartition(".")[2]
