"""What the examples of rules and packs showed."""

from __future__ import annotations

from dataclasses import dataclass

from casrules.testing.coverage import Coverage
from casrules.testing.reach import Unreached
from casrules.testing.running import Problem


@dataclass(frozen=True, slots=True)
class RuleResult:
    """What the examples of one rule showed; `unreached` tells on which messages of its scope it cannot run."""

    rule: str
    examples: int
    problems: tuple[Problem, ...]
    coverage: Coverage
    unreached: tuple[Unreached, ...] = ()


@dataclass(frozen=True, slots=True)
class PackResult:
    """What the examples of one pack showed."""

    pack: str
    rules: tuple[RuleResult, ...]

    @property
    def examples(self) -> int:
        """How many examples were run."""
        return sum(rule.examples for rule in self.rules)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Everything that is wrong, in order of rule."""
        return tuple(problem for rule in self.rules for problem in rule.problems)

    @property
    def coverage(self) -> Coverage:
        """The coverage of all conditions."""
        return sum((rule.coverage for rule in self.rules), Coverage(0, 0))
