"""What the library knows of messages: families, their mappings and tables; each read once and kept."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from casrules.dictionary import Dictionary
from casrules.messages.family import Families, Family, Message, SchemaSet
from casrules.messages.mapping import load_mapping
from casrules.messages.message_mapping import MessageMapping
from casrules.messages.schema_tables import load_tables

Made = TypeVar("Made")


@dataclass(frozen=True)
class Catalog:
    """Families, mappings and tables below one `schemas/` folder. Safe to share between threads."""

    folder: Path
    dictionary: Dictionary
    families: Families
    _lock: threading.RLock = field(default_factory=threading.RLock, repr=False, compare=False)
    _kept: dict[tuple[str, ...], Any] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def load(cls, folder: Path, dictionary: Dictionary) -> Catalog:
        """The catalogue of `folder`; mappings and tables are read when first needed."""
        return cls(folder, dictionary, Families.load(folder / "families"))

    def mapping(self, family: Family, message: Message, schema_set: str, start: str | None = None) -> MessageMapping:
        """Where the message's data elements are in its XML, under one schema set.

        `start` is where the declaration begins in this document, where that is not the manifest's: an envelope that
        was left out.
        """
        return self._once(
            ("message", family.id, message.id, schema_set, start or message.start),
            lambda: self._mapping(family, self._placed(family, message, schema_set, start), schema_set),
        )

    def _mapping(self, family: Family, message: Message, schema_set: str) -> MessageMapping:
        rows = self._once(("mapping", family.id), lambda: load_mapping(family.folder, self.dictionary))
        return rows.for_message(message, self._once(("tables", schema_set), lambda: self._tables(schema_set)))

    def _placed(self, family: Family, message: Message, schema_set: str, start: str | None) -> Message:
        if start is None or start == message.start:
            return message
        within = self.mapping(family, message, schema_set)
        return message.model_copy(update={"start": start, "table": within.top.structure})

    def sets_of(self, family: Family, message: Message) -> tuple[SchemaSet, ...]:
        """The family's schema sets that have the message, preferred first."""
        table = message.table or message.id
        tables = ((found, self._once(("tables", found.id), partial(self._tables, found.id))) for found in family.sets)
        return tuple(found for found, its in tables if table in its.structures or table in its.roots)

    def _tables(self, schema_set: str) -> Any:
        return load_tables(self.folder / "tables" / schema_set)

    def _once(self, key: tuple[str, ...], make: Callable[[], Made]) -> Made:
        found: Made | None = self._kept.get(key)
        if found is None:
            with self._lock:
                found = self._kept.get(key)
                if found is None:
                    found = self._kept[key] = make()
        return found
