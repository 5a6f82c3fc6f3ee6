"""Where a finding is: in the record, in the source, and in the law's numbering."""

from __future__ import annotations

from typing import Literal

from casrules.findings.frozen import Frozen, SourceText

Role = Literal["primary", "related", "candidate"]


class Location(Frozen):
    """One place of a finding.

    - `role`: `candidate` where an authority's pointer fits several places, or none exactly: a person looks which;
    - `path`: names and business keys, for people (`items[number=3].gross_mass`);
    - `record`: the JSON Pointer into the record, for machines (`/consignment/houses/0/items/2/gross_mass`);
    - the source: `xpath` and `line` (XML, from 1), or `pointer` (JSON Pointer), `segment` (EDIFACT), `offset`
      (bytes);
    - `missing`: the name of what is missing or would be added; the place is then its parent;
    - `number`, `old_number`: data element numbers of the EU Customs Data Model and of the 2016 annex;
    - `declared`: the raw source text; `effective`: the value the rule read; `changed_by`: the configuration
      rule that made the two differ;
    - `authority_pointer`: the place as an authority's answer wrote it.
    """

    role: Role = "primary"
    path: SourceText
    record: str = ""
    xpath: str = ""
    line: int | None = None
    pointer: str = ""
    segment: str = ""
    offset: int | None = None
    missing: str = ""
    number: str = ""
    old_number: str = ""
    label: str = ""
    declared: SourceText | None = None
    effective: SourceText | None = None
    changed_by: str = ""
    authority_pointer: SourceText = ""

    @property
    def source_place(self) -> str:
        """The place in the source as one text: `line 12`, a JSON Pointer, a segment or an offset; empty if
        unknown.
        """
        if self.line is not None:
            return f"line {self.line}"
        if self.pointer:
            return self.pointer
        if self.segment:
            return self.segment
        return f"byte {self.offset}" if self.offset is not None else ""
