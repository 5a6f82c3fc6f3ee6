"""A document as far as it could be opened: what it is, its record, and what was wrong with its form."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from casrules.declaration import Record
from casrules.engine.planning import MessagePlan
from casrules.findings import DocumentInfo, Draft, Stage
from casrules.rules import Locator

Fields = frozenset[tuple[str, str]]


def _nothing() -> Record:
    return {}


@dataclass
class Opened:
    """What the rules need of a document, whatever its format.

    `record` holds at least the fields that rules read, `invalid` the (entity, element) pairs with a value that cannot
    be read. `bind_all` gives the whole record, `locator` the places in the source (None: the record is the source).
    `drafts` writes the violations of the form once the document's identity is known. `namespaces` are the prefixes of
    the XPaths, complete for all that was located so far.
    """

    document: DocumentInfo
    stages: Sequence[Stage]
    plan: MessagePlan | None = None
    record: Mapping[str, Any] = field(default_factory=dict)
    invalid: Fields = frozenset()
    bind_all: Callable[[], Record] = _nothing
    locator: Locator | None = None
    drafts: Callable[[Opened], list[Draft]] = lambda _: []
    namespaces: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def whole(self) -> Record:
        """The record with every field, bound when first needed."""
        return self.bind_all()
