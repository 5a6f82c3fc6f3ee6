"""The suggestions of a report as configuration rules, and what earlier declarations know of their values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING

from casrules.configuration import Memory, Proposal, RecordMemory, complete
from casrules.declaration import Record
from casrules.dictionary import shipped_dictionary
from casrules.engine.json_route import is_json, open_json
from casrules.engine.sources import Given, load_source
from casrules.engine.xml_route import open_xml

if TYPE_CHECKING:
    from casrules.engine.engine import Engine


def propose(
    engine: Engine, source: Given, *, memory: Memory | None = None, as_of: str | date | None = None
) -> Iterator[tuple[str, Proposal]]:
    """The configuration rules that would have prevented the violations of a declaration, each with its rule's id.

    `source` and `as_of` are those of `Engine.validate`; `memory` knows earlier declarations that were accepted. One
    rule is told once, however many of its violations there are.
    """
    dictionary = shipped_dictionary()
    here = RecordMemory(tuple(_records(engine, [source])), dictionary)
    told: set[str] = set()
    for violation in engine.validate(source, as_of=as_of).violations:
        for suggestion in violation.suggestions if violation.stands else ():
            if suggestion.rule_data not in told:
                told.add(suggestion.rule_data)
                yield (
                    violation.rule,
                    complete(
                        suggestion, memory, alternatives=violation.alternatives, declaration=here,
                        dictionary=dictionary,
                    ),
                )  # fmt: skip


def memory_of(engine: Engine, sources: Iterable[Given]) -> RecordMemory:
    """A memory of declarations that were accepted; those of no known message are left out."""
    return RecordMemory(tuple(_records(engine, sources)), shipped_dictionary())


def _records(engine: Engine, sources: Iterable[Given]) -> Iterator[Record]:
    for given in sources:
        source = load_source(given)
        opened = (open_json if is_json(source) else open_xml)(source, None, engine._tools)
        if opened.plan is not None:
            yield opened.whole
