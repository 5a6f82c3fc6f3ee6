"""Faults of the library itself while it checks a document: noted in its report, which is then no accept."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from casrules.errors import CasrulesError
from casrules.findings import SystemFault
from casrules.findings.runs import StageName

LONGEST_DETAIL = 200


@dataclass
class Breakdowns:
    """Collects the faults of one check, each rule and kind once."""

    faults: list[SystemFault] = field(default_factory=list)

    @contextmanager
    def caught(self, stage: StageName, rule: str = "") -> Iterator[None]:
        """Note any exception but the library's own, which say that a pack, a mapping or the call is wrong."""
        try:
            yield
        except CasrulesError:
            raise
        except Exception as error:
            detail = str(error)[:LONGEST_DETAIL]
            fault = SystemFault(stage=stage, kind=type(error).__name__, detail=detail, rule=rule)
            if fault not in self.faults:
                self.faults.append(fault)
