"""Places of an entry: in the original where it is there, else by the names a message of its kind would have."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import islice
from typing import Any

from casrules.alerts.answers import Entry, RawPointer
from casrules.alerts.original import Original
from casrules.alerts.pointer_tables import PointerTable
from casrules.alerts.pointers import Target, resolve
from casrules.alerts.schema_places import can_hold, has_path, ways_by_name
from casrules.alerts.segment_places import SCHEME, segment_locations, value_locations
from casrules.dictionary import Dictionary
from casrules.findings import Location, PathWriter, RecordPath
from casrules.messages.labels import in_words
from casrules.messages.message_mapping import MessageMapping
from casrules.messages.pointing import Pointed, PointerStep, Pointing

PLACES = 20
Chain = tuple[tuple[str, str], ...]
"""The way to an element of the dictionary: (entity, element) from the declaration on."""


@dataclass(frozen=True, slots=True)
class Located:
    """The places of one entry, the record path of the first, and for each pointer the ways to what
    it may mean in the dictionary."""

    locations: tuple[Location, ...] = ()
    path: RecordPath = ()
    fields: tuple[frozenset[Chain], ...] = ()
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Place:
    """One place before it is a location; `exact` False makes it a candidate."""

    path: RecordPath = ()
    bound: bool = True
    exact: bool = True
    xpath: str = ""
    line: int | None = None
    text: str | None = None
    missing: str = ""
    name: str = ""


@dataclass
class Locating:
    """Finds the places of all entries of one answer."""

    dictionary: Dictionary
    tables: Mapping[str, PointerTable]
    original: Original | None = None
    mappings: Sequence[MessageMapping] = ()
    _paths: PathWriter = field(init=False)

    def __post_init__(self) -> None:
        self._paths = self.original.paths if self.original else PathWriter({}, self.dictionary)
        if self.original is not None and self.original.mapping is not None:
            self.mappings = (self.original.mapping,)

    def locate(self, entry: Entry, usual: Sequence[str] = (), inside: bool = False) -> Located:
        """The places of an entry.

        `usual` are dictionary paths of what its code is about, candidates where it points at nothing; `inside` says
        that what is wrong is inside a class it points at, so that the class itself is a candidate only.
        """
        locations: list[Location] = []
        paths: list[RecordPath] = []
        fields: list[frozenset[Chain]] = []
        problems: list[str] = []
        segments = self.original.segments if self.original else None
        for raw in entry.pointers:
            if raw.scheme == SCHEME:
                locations += segment_locations(raw, segments)
                continue
            target = resolve(raw, self.tables)
            if target.problem:
                problems.append(target.problem)
            begun = len(paths)
            for place in self._places(target, entry, raw, inside):
                paths.append(place.path if place.bound else ())
                locations.append(self._location(place, raw.text, primary=not locations))
            fields.append(frozenset(self._chains(paths[begun:])))
        if not locations and segments is not None and entry.value:
            locations += value_locations(entry.value, segments)
        if not locations and entry.line:
            locations += self._on_line(entry.line)
        if usual and not any(paths) and all(place.role == "candidate" for place in locations):
            problems = problems or ["empty"]
            for place in self._usual(usual):
                paths.append(place.path)
                locations.append(self._location(place, "", primary=False))
        shown = _without_repeats(locations)[:PLACES]
        return Located(shown, paths[0] if paths else (), tuple(filter(None, fields)), tuple(problems))

    def inside(self, located: Located, ways: Iterable[Chain]) -> Located:
        """With candidates for what lies inside the entity an entry points at, on ways that lead through or from it."""
        first = located.locations[0] if located.locations else None
        if first is None or first.role != "primary" or first.missing or not located.path:
            return located
        whole = next(iter(self._chains([located.path])), ())
        element = self.dictionary.find(*whole[-1]) if whole else None
        if element is None or element.is_scalar:
            return located
        more = dict.fromkeys(names for way in ways if (names := _rest(way, whole[-1], element.type)))
        paths = [(*located.path, *((name, None) for name in names)) for names in more]
        told = [self._location(self._from_record(path, exact=False), "", primary=False) for path in paths]
        return replace(located, locations=_without_repeats((*located.locations, *told))[:PLACES])

    def _on_line(self, line: int) -> list[Location]:
        """What begins on the line an answer names: candidates."""
        pointing = self.original.pointing if self.original else None
        found = _those_found(pointing.on_line(line), pointing) if pointing is not None else ()
        return [self._location(place, f"line {line}", primary=False) for place in found]

    def _places(self, target: Target, entry: Entry, raw: RawPointer, inside: bool) -> Iterator[_Place]:
        if target.numbers:
            yield from self._numbered(target.numbers, raw)
        elif target.name:
            yield from self._named(target.name, entry.value)
        elif target.value:
            yield from self._valued(target.value)
        elif target.steps:
            pointing = self.original.pointing if self.original else None
            if pointing is not None:
                yield from self._in_xml(target, pointing, inside)
            else:
                yield from self._by_names(target, inside)

    def _named(self, name: str, value: str | None) -> Iterator[_Place]:
        pointing = self.original.pointing if self.original else None
        if pointing is None:
            yield _Place(bound=False, exact=False, name=name)
            return
        found = pointing.named(name, value)
        yield from _those_found(found, pointing)
        if not found.elements:
            yield from self._absent(name, pointing)

    def _absent(self, name: str, pointing: Pointing) -> Iterator[_Place]:
        """Where an element that is not there would stand, if its name leaves no doubt."""
        ways = self._ways.get(name.casefold(), ())
        if len(ways) != 1:
            yield _Place(bound=False, exact=False, name=name)
            return
        target = Target(tuple(PointerStep(step) for step in ways[0]))
        for place in self._in_xml(target, pointing, inside=False):
            yield replace(place, exact=False)

    @cached_property
    def _ways(self) -> Mapping[str, Sequence[tuple[str, ...]]]:
        """Name of an element in small letters → the ways to it in a message of the original's kind."""
        mapping = self.original.mapping if self.original else None
        return ways_by_name(mapping) if mapping is not None else {}

    def _valued(self, value: str) -> Iterator[_Place]:
        pointing = self.original.pointing if self.original else None
        if pointing is not None:
            yield from _those_found(pointing.valued(value), pointing)

    def _in_xml(self, target: Target, pointing: Pointing, inside: bool) -> Iterator[_Place]:
        found = pointing.follow(target.steps, target.attribute)
        exact = found.exact and not target.problem and not (inside and target.ends_at_class and not found.missing)
        known = not found.missing or self._can_hold(found)
        for element in found.elements:
            if not known:
                yield _nearest(element, pointing)
                continue
            origin = pointing.origin(element, found.missing, found.attribute)
            path, bound = pointing.record_path(element)
            name = found.missing[-1] if found.missing else _local(element.tag)
            if found.missing:
                path, bound = self._missing_path(path, target, found)
            yield _Place(path, bound, exact, origin.xpath, origin.line, origin.text, origin.missing or "", name)

    def _can_hold(self, found: Pointed) -> bool:
        """Whether what is missing is an element of such a message at all."""
        mapping = self.original.mapping if self.original else None
        return mapping is None or any(can_hold(mapping, element, found.missing) for element in found.elements)

    def _missing_path(self, above: RecordPath, target: Target, found: Pointed) -> tuple[RecordPath, bool]:
        """The record path of what is missing below `above`, and whether the dictionary knows it."""
        names = self._names([step.name for step in target.steps])
        if names is None:
            return above, False
        begun = tuple(name for name, _ in above)
        if names[: len(begun)] != begun or len(names) == len(begun):
            return above, False
        return (*above, *((name, None) for name in names[len(begun) :])), True

    def _by_names(self, target: Target, inside: bool) -> Iterator[_Place]:
        """Without the original's XML: the record paths the names have in a message of this kind."""
        steps = target.steps
        several, above = self._all_names([step.name for step in steps]), 0
        while not several and above < len(steps) - 1:
            above += 1
            several = self._all_names([step.name for step in steps[: len(steps) - above]])
        exact = not target.problem and not (inside and target.ends_at_class) and len(several) == 1
        missing = "/".join(step.name for step in steps[len(steps) - above :]) if above else ""
        if missing and not any(has_path(mapping, [step.name for step in steps]) for mapping in self.mappings):
            exact, missing = False, ""
        if not several and len(steps) == 1 and self.mappings:
            yield _Place(exact=not target.problem and not inside)  # the declaration itself
        elif not several:
            shown = "/".join(f"{step.name}[{step.number}]" if step.number else step.name for step in steps)
            yield _Place(bound=False, exact=not (target.problem or self.mappings), name=shown)
        for names in several:
            path = self._numbered_path(names, steps)
            yield _Place(path, not above, exact, missing=missing, name=steps[-1].name)

    def _numbered_path(self, names: Sequence[str], steps: Sequence[PointerStep]) -> RecordPath:
        """Dictionary names with the positions that the steps give to the lists on the way."""
        numbers: dict[int, int] = {}
        for depth in range(1, len(steps) + 1):
            found = self._names([step.name for step in steps[:depth]])
            number = steps[depth - 1].number
            if found is not None and number and found == tuple(names[: len(found)]):
                numbers.setdefault(len(found) - 1, number - 1)
        path: list[tuple[str, int | None]] = []
        entity = self.dictionary.root
        for at, name in enumerate(names):
            element = self.dictionary.find(entity, name)
            many = element is not None and element.many
            last = at == len(names) - 1
            path.append((name, numbers.get(at, None if last else 0) if many else None))
            entity = element.type if element is not None and not element.is_scalar else ""
        return self._in_record(tuple(path))

    def _in_record(self, path: RecordPath) -> RecordPath:
        """An item that is numbered by its own number, not by its position, in a record that is there."""
        if not self.original or not self.original.record:
            return path
        found: list[tuple[str, int | None]] = []
        here: Any = self.original.record
        for name, index in path:
            here = here.get(name) if isinstance(here, Mapping) else None
            if isinstance(here, list) and index is not None:
                numbers = [entry.get("number") if isinstance(entry, Mapping) else None for entry in here]
                at = numbers.index(index + 1) if index + 1 in numbers else index
                here = here[at] if at < len(here) else None
                found.append((name, at))
                continue
            found.append((name, index))
        return tuple(found)

    def _numbered(self, numbers: Iterable[str], raw: RawPointer) -> Iterator[_Place]:
        """Every element the message can carry with one of these numbers: candidates unless there is one."""
        chosen = dict.fromkeys(names for number in numbers for names in self._by_number.get(number, ()))
        item = int(raw.item) if raw.item.isdigit() and len(raw.item) < 10 else None
        paths = [path for names in chosen for path in islice(self._occurrences(names, item), PLACES)][:PLACES]
        for path in paths:
            yield self._from_record(path, exact=len(paths) == 1)

    def _occurrences(self, names: Sequence[str], item: int | None = None) -> Iterator[RecordPath]:
        """Every place of dotted names in the original's record, or the one where they would stand.

        `item` is the number of the entry that is meant in the first list whose entries are numbered.
        """
        record = self.original.record if self.original else {}
        return self._expanded(tuple(names), item, ((), self.dictionary.root, record))

    def _expanded(
        self, names: Sequence[str], item: int | None, at: tuple[RecordPath, str, Any]
    ) -> Iterator[RecordPath]:
        done, entity, here = at
        if not names:
            yield done
            return
        element = self.dictionary.find(entity, names[0])
        if element is None:
            return
        below = here.get(element.name) if isinstance(here, Mapping) else None
        kind = "" if element.is_scalar else element.type
        if not element.many:
            yield from self._expanded(names[1:], item, ((*done, (element.name, None)), kind, below))
            return
        entries = below if isinstance(below, list) else []
        indexes: Sequence[int | None] = range(len(entries)) or ([0] if names[1:] else [None])
        if item is not None and self.dictionary.find(kind, "number") is not None:
            numbered = [i for i, one in enumerate(entries) if isinstance(one, Mapping) and one.get("number") == item]
            indexes, item = numbered or [max(item - 1, 0)], None
        for index in indexes:
            entry = entries[index] if index is not None and 0 <= index < len(entries) else None
            yield from self._expanded(names[1:], item, ((*done, (element.name, index)), kind, entry))

    @cached_property
    def _by_number(self) -> Mapping[str, list[tuple[str, ...]]]:
        """Data element number, old or new → the names of the elements that have it."""
        found: dict[str, list[tuple[str, ...]]] = {}
        for names in _stored(self.mappings):
            facts = self._paths.facts(tuple((name, None) for name in names))
            for number in {facts.number, facts.old_number} - {""}:
                found.setdefault(number, []).append(names)
        return found

    def _usual(self, dotted: Sequence[str]) -> Iterator[_Place]:
        for text in dotted:
            for path in islice(self._occurrences(text.split(".")), PLACES):
                yield self._from_record(path, exact=False)

    def _from_record(self, path: RecordPath, *, exact: bool) -> _Place:
        origins = self.original.origins if self.original else None
        if origins is None:
            return _Place(path, exact=exact, name=path[-1][0])
        origin = origins.locate(path)
        return _Place(path, True, exact, origin.xpath, origin.line, origin.text, origin.missing or "", path[-1][0])

    def _names(self, steps: Sequence[str]) -> tuple[str, ...] | None:
        """The dictionary names of an element by its XML names; the first where conditions tell several apart."""
        return next(iter(self._all_names(steps)), None)

    def _all_names(self, steps: Sequence[str]) -> tuple[tuple[str, ...], ...]:
        """All dictionary names of an element by its XML names, whatever the path begins with."""
        for mapping in self.mappings:
            for begin in range(min(3, len(steps))):
                found = tuple(filter(None, mapping.names_at("/".join(steps[begin:]))))
                if found:
                    return found
        return ()

    def _location(self, place: _Place, pointer: str, *, primary: bool) -> Location:
        facts = self._paths.facts(place.path)
        role: Any = "candidate" if not place.exact else "primary" if primary else "related"
        common: dict[str, Any] = {
            "role": role, "xpath": place.xpath, "line": place.line, "missing": place.missing, "declared": place.text,
            "authority_pointer": pointer,
        }  # fmt: skip
        if not place.path and not place.bound:
            return Location(path=place.xpath or place.name, label=in_words(place.name.rpartition("/")[2]), **common)
        if not place.bound:
            return Location(path=facts.path, record=facts.record, label=in_words(place.name), **common)
        return Location(
            path=facts.path, record=facts.record, number=facts.number, old_number=facts.old_number,
            label=facts.label, **common,
        )  # fmt: skip

    def _chains(self, paths: Iterable[RecordPath]) -> Iterator[Chain]:
        for path in paths:
            entity, chain = self.dictionary.root, []
            for name, _ in path:
                element = self.dictionary.find(entity, name)
                if element is None:
                    break
                chain.append((entity, name))
                entity = element.type
            if chain and len(chain) == len(path):
                yield tuple(chain)


def _without_repeats(locations: Iterable[Location]) -> tuple[Location, ...]:
    """Each place once: without an original, two pointers may name parts of one value."""
    found: dict[tuple[str, str, str], Location] = {}
    for place in locations:
        found.setdefault((place.path, place.xpath, place.missing), place)
    return tuple(found.values())


def _stored(mappings: Iterable[MessageMapping]) -> Iterator[tuple[str, ...]]:
    """The dictionary names of all that the first message that is known can carry."""
    for mapping in mappings:
        return (tuple(path.split(".")) for path in sorted(mapping.carried))
    return iter(())


def _rest(way: Chain, last: tuple[str, str], entity: str) -> tuple[str, ...]:
    """The names on a way that follow the element `last`, or all of them where it begins in that element's entity."""
    at = way.index(last) + 1 if last in way else 0 if way[0][0] == entity else len(way)
    return tuple(name for _, name in way[at:])


def _those_found(found: Pointed, pointing: Pointing) -> Iterator[_Place]:
    for element in found.elements:
        origin = pointing.origin(element)
        path, bound = pointing.record_path(element)
        yield _Place(path, bound, found.exact, origin.xpath, origin.line, origin.text, name=_local(element.tag))


def _nearest(element: Any, pointing: Pointing) -> _Place:
    """The element at which a pointer stops to make sense: a candidate."""
    origin = pointing.origin(element)
    path, bound = pointing.record_path(element)
    return _Place(path, bound, False, origin.xpath, origin.line, origin.text, name=_local(element.tag))


def _local(tag: Any) -> str:
    return str(tag).rpartition("}")[2]
