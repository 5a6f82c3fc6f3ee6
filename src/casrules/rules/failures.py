"""A rule that failed: which, in which branch, for which entity."""

from __future__ import annotations

from dataclasses import dataclass

from casrules.findings import RecordPath
from casrules.rules.ruleset import PackRule


@dataclass(frozen=True, slots=True)
class Failure:
    """One branch of a rule, failed for the entity at `instance`, reached by way number `chain`."""

    rule: PackRule
    branch: int
    chain: int
    instance: RecordPath
