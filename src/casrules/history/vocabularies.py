"""Vocabularies: what describes the fields of values that do not use the dictionary's names."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from casrules.errors import UsageError
from casrules.findings.frozen import Frozen
from casrules.history.tables import VOCABULARIES

Document = dict[str, Any]


class Vocabulary(Frozen):
    """A schema as `schema.json` holds it, with the rules in force and the legal bases that came with it.

    Each field has `name`, `level` (header or item) and `kind`; a `privacy` (personal, business, none) says how it is
    redacted, and a field without one is taken for business.
    """

    name: str
    table: Document
    existing_rules: tuple[Document, ...] = ()
    legal_bases: tuple[Document, ...] = ()

    @property
    def fields(self) -> list[Document]:
        """The described fields."""
        found = self.table.get("fields")
        return [it for it in found if isinstance(it, dict)] if isinstance(found, list) else []

    @property
    def privacy(self) -> dict[str, str]:
        """Privacy class by field, where it is told."""
        return {str(it.get("name")): str(it["privacy"]) for it in self.fields if "privacy" in it}


def keep_vocabulary(connection: Connection, vocabulary: Vocabulary) -> None:
    """Write a vocabulary; UsageError where another one has its name."""
    known = kept_vocabularies(connection).get(vocabulary.name)
    if known is None:
        content = vocabulary.model_dump(mode="json", exclude={"name"})
        connection.execute(sa.insert(VOCABULARIES).values(name=vocabulary.name, schema=content))
    elif known != vocabulary:
        raise UsageError(
            f"the history has other fields under the name {vocabulary.name!r}", remedy="import under another name"
        )


def kept_vocabularies(connection: Connection) -> dict[str, Vocabulary]:
    """All vocabularies by name."""
    rows = connection.execute(sa.select(VOCABULARIES).order_by(VOCABULARIES.c.name)).mappings()
    return {row["name"]: Vocabulary(name=row["name"], **row["schema"]) for row in rows}
