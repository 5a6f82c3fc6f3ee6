"""The values of a message's bytes, for those who have no record at hand."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from casrules.dictionary import Dictionary, shipped_dictionary
from casrules.history.events import Values
from casrules.history.flattening import flat_values
from casrules.messages.binding import binder_for
from casrules.messages.detection import Detection, detect
from casrules.messages.family import Families, Family, Message
from casrules.messages.json_form import read_json
from casrules.messages.mapping import load_mapping
from casrules.messages.message_mapping import MessageMapping
from casrules.messages.reading import read
from casrules.messages.recognition import what_is
from casrules.messages.schema_tables import load_tables
from casrules.resources import schemas_folder


@dataclass(frozen=True)
class MessageReader:
    """Reads XML and JSON declarations; keeps the mappings it has loaded."""

    dictionary: Dictionary = field(default_factory=shipped_dictionary)
    families: Families = field(default_factory=lambda: Families.load(schemas_folder() / "families"))
    _mappings: dict[tuple[str, ...], MessageMapping] = field(default_factory=dict, repr=False, compare=False)

    def values(self, content: bytes) -> Values:
        """The values of a declaration; empty for what cannot be read as one. Never raises for what is in it."""
        if what_is(content) == "JSON":
            return flat_values(read_json(content, self.dictionary).record)
        intake = read(content)
        found = detect(intake, self.families)
        if intake.tree is None or found.family is None or found.message is None:
            return {}
        stripped = found.detected_by == "local name"
        binder = binder_for(self._mapping(found, found.family, found.message), any_namespace=stripped)
        return flat_values(binder.bind(intake.tree.getroot()).record)

    def _mapping(self, found: Detection, family: Family, message: Message) -> MessageMapping:
        chosen = found.schema_set or family.sets[0]
        key = (family.id, message.id, chosen.id, found.start or "")
        if key not in self._mappings:
            self._mappings[key] = self._loaded(family, message, chosen.id, found.start)
        return self._mappings[key]

    def _loaded(self, family: Family, message: Message, schema_set: str, start: str | None) -> MessageMapping:
        rows: Any = load_mapping(family.folder, self.dictionary)
        tables = load_tables(schemas_folder() / "tables" / schema_set)
        mapping: MessageMapping = rows.for_message(message, tables)
        if start is None or start == message.start:
            return mapping
        placed = message.model_copy(update={"start": start, "table": mapping.top.structure})
        below: MessageMapping = rows.for_message(placed, tables)
        return below
