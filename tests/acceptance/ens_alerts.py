"""Alerts of the Import Control System: the code, the place, and how found and expected ones are compared."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from casrules.findings import Report

_ROOT = re.compile(r"^/[A-Za-z]+:")


@dataclass(frozen=True, order=True)
class Alert:
    """An alert code and the XPath it is about, without namespace prefix and without `[1]`."""

    code: str
    place: str

    @classmethod
    def at(cls, code: str, xpath: str) -> Alert:
        return cls(code, _ROOT.sub("/", xpath).replace("[1]", ""))

    def covers(self, other: Alert) -> bool:
        """Whether the other says the same, here or at something deeper."""
        return self.code == other.code and f"{other.place}/".startswith(f"{self.place}/")


def found_alerts(report: Report) -> tuple[Alert, ...]:
    """The codes of our alerts with their places; what is folded under another alert is none."""
    return tuple(
        Alert.at(authority.code, finding.primary.xpath or "" if finding.primary else "")
        for finding in report.alerts
        for authority in finding.authority
        if authority.system == "ICS"
    )


def unmatched(expected: Iterable[Alert], found: Iterable[Alert]) -> list[Alert]:
    """Expected alerts nothing was found for, and found ones nobody expects: each matches one other."""
    left = sorted(found, reverse=True)
    missing = []
    for alert in sorted(expected, reverse=True):
        match = next((one for one in left if alert.covers(one)), None)
        if match is None:
            missing.append(alert)
        else:
            left.remove(match)
    return [*missing, *left]


def expected_alerts(message: Path) -> Iterator[Alert]:
    """What the answer key beside a message of the corpus expects."""
    answer = etree.parse(message.with_name(f"{message.stem}.expected.xml"))
    for error in answer.iter("{*}Error"):
        code = error.findtext("{*}Number")
        if code:
            yield Alert.at(code, error.findtext("{*}Location") or "")
