"""Bounds what is written about failures: of a rule that fails a hundred thousand times the rest is only counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from casrules.findings import Totals
from casrules.findings.totals import add_uncounted
from casrules.limits import Limits
from casrules.rules import Failure


@dataclass
class Unwritten:
    """Failures that are counted, by rule and severity, and not written."""

    counts: Counter[tuple[str, str]] = field(default_factory=Counter)

    def within(self, failures: Iterable[Failure], limits: Limits) -> list[Failure]:
        """The failures to write: of each rule the first `explained_errors`, of all the first `reported_violations`."""
        written: list[Failure] = []
        of_rule: Counter[str] = Counter()
        for failure in failures:
            if of_rule[failure.rule.id] < limits.explained_errors and len(written) < limits.reported_violations:
                of_rule[failure.rule.id] += 1
                written.append(failure)
            else:
                self.counts[failure.rule.id, failure.rule.packed.rule.severity] += 1
        return written

    def added_to(self, totals: Totals) -> Totals:
        """The totals of what was written, with what was not."""
        return add_uncounted(totals, self.counts)
