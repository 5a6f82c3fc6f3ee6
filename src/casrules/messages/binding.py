"""Binds a message's XML tree to the record, with a function generated for the fields needed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from lxml import etree

from casrules.dictionary import Dictionary
from casrules.dictionary.values import Invalid
from casrules.messages.binder import runtime
from casrules.messages.binder.projection import project
from casrules.messages.binder.runtime import XmlElement, memory_for
from casrules.messages.binder.source import Generated, Style, generate
from casrules.messages.binder.tree import Plan, compile_plan
from casrules.messages.message_mapping import EntityAt, MessageMapping
from casrules.messages.xml_steps import follow

RUNTIME = ("whole_text", "local_name", "tag_of", "child_text", "target_text")
REMARKS = (etree.Comment, etree.ProcessingInstruction)
Record = dict[str, Any]
Origins = dict[Any, Any]


@dataclass(frozen=True, slots=True)
class Bound:
    """A record, and the elements (entity, name) that have a value somewhere that could not be read."""

    record: Record
    invalid: frozenset[tuple[str, str]] = frozenset()


@dataclass(frozen=True)
class Binder:
    """Binds one message; make it with `binder_for`. Safe to share between threads.

    `any_namespace` reads messages whose elements lost their namespaces, or have others.
    """

    mapping: MessageMapping
    top: EntityAt
    any_namespace: bool = False
    _functions: dict[Style, tuple[Callable[..., Any], Generated]] = field(default_factory=dict, repr=False)

    def bind(self, root: XmlElement) -> Bound:
        """The record of the message whose root element is `root`; never raises for what the message holds."""
        record, invalid = self._run(root, traced=False)
        return Bound(record, _invalid(record, self.mapping.dictionary) if invalid else frozenset())

    def trace(self, root: XmlElement, start: XmlElement | None = None) -> tuple[Record, Origins]:
        """The record, and beside it a tree of the same shape with the elements its values came from.

        At `None` each dict of that tree has the entity's own element; a value from an attribute is a pair
        (element, attribute), one from several paths a list. `start` is the element of the binder's entity, where
        it is not the declaration (see `values_binder`).
        """
        (record, origins), _ = self._run(root, traced=True, start=start)
        return record, origins

    def source(self, traced: bool = False) -> str:
        """The generated Python source, for people who want to see it."""
        return self._function(Style(traced=traced, local=self.any_namespace))[1].source

    def _run(self, root: XmlElement, traced: bool, start: XmlElement | None = None) -> tuple[Any, bool]:
        # A single entity is always read with care: to look for comments everywhere would cost more.
        careful = start is not None or next(root.iter(*REMARKS), None) is not None
        if start is None:
            start = follow(root, self.mapping.start.steps, self.mapping.namespaces, self.any_namespace)
        if start is None:
            return (({}, {}) if traced else {}), False
        bind, generated = self._function(Style(traced, careful, self.any_namespace))
        memories = [memory_for(converter) for converter in generated.converters]
        bound = bind(start, root, memories)
        return bound, any(memory.invalid for memory in memories)

    def _function(self, style: Style) -> tuple[Callable[..., Any], Generated]:
        found = self._functions.get(style)
        if found is None:
            generated = generate(self._plan, self.mapping.namespaces, style)
            found = self._functions[style] = (_compiled(generated, self.mapping.message), generated)
        return found

    @cached_property
    def _plan(self) -> Plan:
        return compile_plan(self.top)


def binder_for(mapping: MessageMapping, needed: Iterable[str] | None = None, *, any_namespace: bool = False) -> Binder:
    """A binder of the whole message, or of the `needed` dotted dictionary paths and what they stand on.

    A needed path that ends at an entity binds its presence only. Unknown names raise DictionaryError; what
    the message cannot carry is left out. Made once for a mapping and its needed fields.
    """
    wanted = None if needed is None else frozenset(needed)
    binder: Binder | None = mapping.binders.get((wanted, any_namespace))
    if binder is None:
        top = mapping.top if wanted is None else project(mapping, wanted)
        binder = mapping.binders.setdefault((wanted, any_namespace), Binder(mapping, top, any_namespace))
    return binder


def values_binder(mapping: MessageMapping, place: EntityAt, *, any_namespace: bool = False) -> Binder:
    """A binder of the values of one entity of `mapping`, for `trace` with the entity's own element as start."""
    binder: Binder | None = mapping.binders.get((place, any_namespace))
    if binder is None:
        binder = Binder(mapping, replace(place, below=()), any_namespace)
        binder = mapping.binders.setdefault((place, any_namespace), binder)
    return binder


def _compiled(generated: Generated, message: str) -> Callable[..., Any]:
    names: dict[str, Any] = {name: table.get for name, table in generated.tables.items()}
    names |= {name: getattr(runtime, name) for name in RUNTIME}
    exec(compile(generated.source, f"<binder of {message}>", "exec"), names)
    bind: Callable[..., Any] = names["bind"]
    return bind


def _invalid(record: Mapping[str, Any], dictionary: Dictionary) -> frozenset[tuple[str, str]]:
    found: set[tuple[str, str]] = set()
    waiting: list[tuple[str, Mapping[str, Any]]] = [(dictionary.root, record)]
    while waiting:
        entity, values = waiting.pop()
        for name, value in values.items():
            if type(value) is Invalid:
                found.add((entity, name))
            elif isinstance(value, dict):
                waiting.append((dictionary.element(entity, name).type, value))
            elif isinstance(value, list):
                kind = dictionary.element(entity, name).type
                waiting.extend((kind, entry) for entry in value)
    return frozenset(found)
