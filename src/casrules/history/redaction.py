"""Redaction by privacy class: what is kept of personal and of business values."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from typing import Any, Literal, TypeVar

from pydantic import Field, PrivateAttr

from casrules.dictionary import Dictionary, shipped_dictionary
from casrules.findings.frozen import Frozen
from casrules.history.events import (
    Answer,
    Correction,
    Event,
    Found,
    FoundArgument,
    HistoryEdit,
    Outcome,
    Submission,
    Values,
    Violations,
)
from casrules.history.flattening import element_at

Treatment = Literal["keep", "hash", "drop"]
_Model = TypeVar("_Model", bound=Frozen)
_HASH = re.compile("~[0-9a-f]{20}")
_STRICTNESS = ("keep", "hash", "drop")


class Redaction(Frozen):
    """What becomes of values before they are written.

    The class of a value is the dictionary's (`privacy`: personal, business, none); what the dictionary does not know
    is taken for business, an argument of a message text that it does not know for the stricter of the two. `hash` puts
    a keyed hash (HMAC-SHA-256 with `key`) in its place: equal values stay equal, so that histories can still be
    counted, joined and mined; `drop` leaves it out. Document keys, LRN, MRN, EORI numbers and event ids are business;
    they hold a declaration together and are hashed where business values are dropped. `by` is personal. Message
    bytes, free text and paths for people are not kept.
    """

    key: bytes = Field(min_length=16, repr=False)
    personal: Treatment = "drop"
    business: Treatment = "hash"
    _privacy: dict[tuple[str, ...], str] = PrivateAttr(default_factory=dict)

    @property
    def keeps_all(self) -> bool:
        """Nothing is redacted."""
        return self.personal == self.business == "keep"

    @property
    def strictest(self) -> Treatment:
        """What becomes of a value of an unknown class."""
        return max(self.personal, self.business, key=_STRICTNESS.index)

    def hashed(self, text: str) -> str:
        """The keyed hash of a value: 20 hexadecimal characters after a tilde; nothing and hashes stay what they are."""
        if not text or _HASH.fullmatch(text):
            return text
        return "~" + hmac.new(self.key, text.encode(), hashlib.sha256).hexdigest()[:20]

    def applied(self, event: Event, schema: Mapping[str, str] | None = None) -> Event:
        """The event as it may be written. `schema`: privacy class by field, of values in another vocabulary."""
        if self.keeps_all:
            return event
        changes: dict[str, Any] = {
            "id": self._joining(event.identity),
            "document": self._joining(event.document),
            "by": self._text(event.by, self.personal),
        }
        match event:
            case Submission():
                changes |= {
                    name: self._joining(getattr(event, name)) for name in ("lrn", "mrn", "importer", "declarant")
                }
                sent = None if event.sent is None else self.values(event.sent, schema)
                changes |= {"values": self.values(event.values, schema), "sent": sent, "content": None}
            case Violations():
                changes["found"] = tuple(self._found(it) for it in event.found)
            case Answer():
                codes = tuple(it.model_copy(update={"path": "", "text": ""}) for it in event.codes)
                changes |= {"reference": self._joining(event.reference), "codes": codes, "content": None}
            case Correction():
                after = None if event.values is None else self.values(event.values, schema)
                changes |= {"edits": tuple(self._edit(it, schema) for it in event.edits), "values": after}
            case Outcome():
                changes["reason"] = ""
        return event.model_copy(update=changes)

    def values(self, values: Mapping[str, str], schema: Mapping[str, str] | None = None) -> Values:
        """Flat values as they may be written."""
        found: Values = {}
        for pointer, value in values.items():
            treatment = self._treatment(pointer, schema)
            if treatment != "drop":
                found[pointer] = value if treatment == "keep" else self.hashed(value)
        return found

    def _treatment(self, pointer: str, schema: Mapping[str, str] | None) -> Treatment:
        names = tuple(part for part in pointer.split("/") if part and not part.isdigit())
        privacy = self._privacy.get(names) if schema is None else schema.get(names[-1] if names else "", "business")
        if privacy is None:
            element = element_at(pointer, shipped_dictionary())
            privacy = self._privacy[names] = element.privacy if element else "business"
        return self._of_class(privacy)

    def _of_class(self, privacy: str) -> Treatment:
        return {"personal": self.personal, "business": self.business}.get(privacy, "keep")

    def _joining(self, text: str) -> str:
        return text if self.business == "keep" else self.hashed(text)

    def _text(self, text: str, treatment: Treatment) -> str:
        return text if treatment == "keep" else self.hashed(text) if treatment == "hash" else ""

    def _found(self, found: Found) -> Found:
        arguments = tuple(
            FoundArgument(name=it.name, value=None if it.value is None else self._argument(it.name, it.value))
            for it in found.arguments
        )
        return found.model_copy(
            update={
                "path": "",
                "arguments": tuple(it for it in arguments if it.value is None or it.value),
                "fingerprint": self._joining(found.fingerprint),
                "correlation_key": self._joining(found.correlation_key),
            }
        )

    def _argument(self, name: str, value: str) -> str:
        privacy = argument_privacy(name, shipped_dictionary())
        return self._text(value, self.strictest if privacy is None else self._of_class(privacy))

    def _edit(self, edit: HistoryEdit, schema: Mapping[str, str] | None) -> HistoryEdit:
        update = {"before": self.values(edit.before, schema), "after": self.values(edit.after, schema)}
        return edit.model_copy(update=update)


def argument_privacy(name: str, dictionary: Dictionary) -> str | None:
    """The privacy class of what a rule calls `item.gross_mass`; None where the name says no single thing."""
    scope, *names = name.split(".")
    if not names or scope not in dictionary.scope_names:
        return None
    found = {_privacy_of(chain.entity, names, dictionary) for chain in dictionary.chains_to(scope)}
    return found.pop() if len(found) == 1 else None


def _privacy_of(entity: str, names: Sequence[str], dictionary: Dictionary) -> str | None:
    element = None
    for name in names:
        element = dictionary.find(entity, name)
        if element is None:
            return None
        entity = element.type
    return element.privacy if element is not None and element.is_scalar else None
