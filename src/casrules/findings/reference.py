"""What a finding refers to: the authority's codes, the law, the rule pack that was applied."""

from __future__ import annotations

from typing import Literal

from casrules.findings.frozen import Frozen


class Authority(Frozen):
    """The code a customs system would answer.

    `list` is the code list the code belongs to: the same digits mean other things in other lists. `rule` is
    the authority's own rule or condition number.
    """

    system: str
    list: str = ""
    code: str = ""
    rule: str = ""

    def __str__(self) -> str:
        """`NCTS CL180/14 R0223`."""
        named = self.list if self.list != self.system else ""
        code = "/".join(part for part in (named, self.code) if part)
        return " ".join(part for part in (self.system, code, self.rule) if part)


class LawReference(Frozen):
    """A legal act and the place in it (`2015/2446`, `Annex B`); `url` where the act can be read."""

    act: str
    place: str = ""
    url: str = ""

    def __str__(self) -> str:
        """`2015/2446, Annex B`."""
        return f"{self.act}, {self.place}" if self.place else self.act


class ReferenceData(Frozen):
    """A code list or a tariff that the caller gave, as it was applied; `digest` is the sha256 of its files."""

    kind: Literal["code list", "tariff"]
    id: str
    title: str = ""
    source: str = ""
    as_of: str = ""
    digest: str = ""


class PackRef(Frozen):
    """A rule pack as it was applied; `digest` is the sha256 of its content."""

    id: str
    version: str
    digest: str = ""
