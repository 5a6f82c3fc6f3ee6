"""The message an answer is about, as far as it was opened: its record, its mapping and its places."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from casrules.alerts.segment_places import SegmentIndex, references
from casrules.dictionary import Dictionary
from casrules.findings import DocumentInfo, OriginalInfo, PathWriter
from casrules.messages.edifact import Interchange
from casrules.messages.message_mapping import MessageMapping
from casrules.messages.origins import Origins
from casrules.messages.pointing import Pointing


@dataclass
class Original:
    """One original. `mapping` is None where the message is not known, `origins` where it is no XML, `interchange`
    None where it is no EDIFACT."""

    document: DocumentInfo
    dictionary: Dictionary
    record: Mapping[str, Any] = field(default_factory=dict)
    mapping: MessageMapping | None = None
    origins: Origins | None = None
    interchange: Interchange | None = None

    @cached_property
    def paths(self) -> PathWriter:
        """Writes record paths."""
        return PathWriter(self.record, self.dictionary)

    @cached_property
    def pointing(self) -> Pointing | None:
        """Follows pointers in the XML."""
        return Pointing(self.origins) if self.origins is not None else None

    @cached_property
    def segments(self) -> SegmentIndex | None:
        """Finds segments in the interchange."""
        return SegmentIndex(self.interchange) if self.interchange is not None else None

    def info(self, lrn: str, mrn: str, reference: str = "") -> OriginalInfo:
        """What the report says of it; `lrn`, `mrn` and `reference` are the answer's."""
        document = self.document
        return OriginalInfo(
            name=document.name,
            message=document.message,
            lrn=document.lrn,
            mrn=document.mrn,
            sha256=document.sha256,
            matches=self._referred({reference, lrn, mrn} - {""}) if self.interchange else _matches(document, lrn, mrn),
        )

    def _referred(self, named: set[str]) -> bool | None:
        """Whether an answer names this interchange or a message in it by a reference; None where it names none."""
        known = set(references(self.interchange)) - {""} if self.interchange else set()
        return bool(named & known) if named and known else None


def _matches(document: DocumentInfo, lrn: str, mrn: str) -> bool | None:
    """Whether an answer names this message: by LRN where both have one, else by MRN; None where nothing tells."""
    if lrn and document.lrn:
        return lrn == document.lrn
    if mrn and document.mrn:
        return mrn == document.mrn
    return None
