"""Exact counts of what was found, however many violations the report lists."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from casrules.findings.frozen import Frozen
from casrules.findings.violation import SEVERITIES, Violation


class RuleTotal(Frozen):
    """How many violations of one rule were found, suppressed ones included."""

    rule: str
    count: int


class Totals(Frozen):
    """Counts over everything found.

    `violations` counts all; `errors`, `warnings`, `infos` count what stands; `alerts` counts root causes that
    stand and `folded` what is shown under them; `suppressed` and `unchanged` (in the baseline) count the
    silenced and the known. `shown` violations are in the report's list.
    """

    violations: int = 0
    alerts: int = 0
    folded: int = 0
    errors: int = 0
    warnings: int = 0
    infos: int = 0
    suppressed: int = 0
    unchanged: int = 0
    new_errors: int = 0
    shown: int = 0
    by_rule: tuple[RuleTotal, ...] = ()

    @property
    def capped(self) -> bool:
        """True where the report lists fewer violations than were found."""
        return self.shown < self.violations

    @property
    def banner(self) -> str:
        """What a reader of a capped list must know before anything else; empty where the list is complete."""
        if not self.capped:
            return ""
        hidden = self.violations - self.shown
        return (
            f"LIST CUT OFF: {self.shown} of {self.violations} violations are listed, {hidden} ARE NOT SHOWN; "
            "the totals count all of them"
        )


NO_TOTALS = Totals()


def count(violations: Sequence[Violation]) -> Totals:
    """The totals of a complete list of folded violations."""
    if not violations:
        return NO_TOTALS
    standing = [violation for violation in violations if violation.stands]
    severities = Counter(violation.severity for violation in standing)
    rules = Counter(violation.rule for violation in violations)
    return Totals(
        violations=len(violations),
        alerts=sum(violation.is_root for violation in standing),
        folded=sum(not violation.is_root for violation in standing),
        errors=severities["error"],
        warnings=severities["warning"],
        infos=severities["info"],
        suppressed=len(violations) - len(standing),
        unchanged=sum(violation.baseline == "unchanged" for violation in standing),
        new_errors=sum(v.severity == "error" and v.baseline != "unchanged" for v in standing),
        shown=len(violations),
        by_rule=tuple(RuleTotal(rule=rule, count=number) for rule, number in sorted(rules.items())),
    )


_ADJUSTABLE = ("alerts", "folded", "errors", "warnings", "infos", "suppressed", "unchanged", "new_errors")


def recount(totals: Totals, before: Sequence[Violation], after: Sequence[Violation]) -> Totals:
    """The totals after the listed violations `before` became `after`; what is not listed counts as it did."""
    old, new = count(before), count(after)
    update = {name: getattr(totals, name) + getattr(new, name) - getattr(old, name) for name in _ADJUSTABLE}
    return totals.model_copy(update=update)


def add_uncounted(totals: Totals, counts: Mapping[tuple[str, str], int]) -> Totals:
    """The totals of what was written, with what was only counted: (rule, severity) → how many."""
    if not counts:
        return totals
    names = dict(zip(SEVERITIES, ("errors", "warnings", "infos"), strict=True))
    more: Counter[str] = Counter()
    rules = Counter({found.rule: found.count for found in totals.by_rule})
    for (rule, severity), number in counts.items():
        rules[rule] += number
        more.update({"violations": number, "alerts": number})
        more.update({name: number for known, name in names.items() if known == severity})
        if severity == "error":
            more["new_errors"] += number
    update = {name: getattr(totals, name) + number for name, number in more.items()}
    by_rule = tuple(RuleTotal(rule=rule, count=number) for rule, number in sorted(rules.items()))
    return totals.model_copy(update={**update, "by_rule": by_rule})
