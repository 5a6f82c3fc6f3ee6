"""The typed view over a record: attributes by dictionary names, `None` for what is missing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from casrules.declaration.record import Record, walk
from casrules.dictionary import Dictionary, Element, shipped_dictionary
from casrules.dictionary.values import Invalid
from casrules.findings.pointers import RecordPath

_SHOWN_LENGTH = 30


class EntityView:
    """An entity of a declaration, such as an item or a party. Read-only.

    `item.gross_mass` is a value (kg), `item.packages` a tuple of entities, `item.consignee` an entity or
    None. A value that could not be read is an `Invalid`. Unknown names raise DictionaryError with the nearest
    known name.
    """

    __slots__ = ("_dictionary", "_entity", "_values")

    def __init__(self, entity: str, values: Mapping[str, Any], dictionary: Dictionary) -> None:
        object.__setattr__(self, "_entity", entity)
        object.__setattr__(self, "_values", values)
        object.__setattr__(self, "_dictionary", dictionary)

    def __getattr__(self, name: str) -> Any:
        """The element `name`: a value, an entity, or a tuple of entities; None or () where missing."""
        if name.startswith("__"):
            raise AttributeError(name)
        element = self._dictionary.element(self._entity, name)
        if element.view:
            return tuple(self._view(element, entry) for entry in self._joined(element))
        value = self._values.get(name)
        if element.is_scalar:
            return value
        if element.many:
            return tuple(self._view(element, entry) for entry in value or ())
        return None if value is None else self._view(element, value)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"a declaration is read-only: {name} is changed with edits")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"a declaration is read-only: {name} is removed with edits")

    def __iter__(self) -> Iterator[str]:
        """The names of the elements that are there."""
        return iter(self._values)

    def __contains__(self, name: object) -> bool:
        return name in self._values

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, EntityView):
            return NotImplemented
        return (self._entity, self._values) == (other._entity, other._values)

    __hash__ = None  # type: ignore[assignment]

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *self._dictionary.entities[self._entity].elements]

    def __repr__(self) -> str:
        shown = [f"{name}={_shown(value)}" for name, value in self._values.items()]
        return f"{self._entity}({', '.join(shown)})"

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self._entity, self._values, self._dictionary)

    def to_dict(self) -> Record:
        """The stored values as plain dicts and lists, a copy."""
        copied: Record = _copy(self._values)
        return copied

    def _joined(self, element: Element) -> Iterator[Mapping[str, Any]]:
        for part in element.view:
            level: list[Any] = [self._values]
            for name in part:
                level = [below for entry in level for below in _below(entry.get(name))]
            yield from level

    def _view(self, element: Element, values: Mapping[str, Any]) -> EntityView:
        return EntityView(element.type, values, self._dictionary)


class Declaration(EntityView):
    """One customs declaration: a read-only view over its record.

    `declaration.lrn`, `declaration.consignment.houses[0].items`, `declaration.items` (all items of all
    houses). `family` is the full message id (`ncts.CC015C`), empty where it is not known.
    """

    __slots__ = ("family",)
    family: str

    def __init__(self, record: Mapping[str, Any], family: str = "", dictionary: Dictionary | None = None) -> None:
        dictionary = dictionary or shipped_dictionary()
        super().__init__(dictionary.root, record, dictionary)
        object.__setattr__(self, "family", family)

    def paths(self) -> Iterator[tuple[RecordPath, Any]]:
        """Every value with its record path, in the record's order; an empty entity counts as a value."""
        return walk(self._values)

    def __repr__(self) -> str:
        name = self._values.get("lrn") or self._values.get("mrn") or "without a reference"
        items = sum(1 for _ in self._joined(self._dictionary.element(self._entity, "items")))
        family = f"{self.family}, " if self.family else ""
        return f"<Declaration {_shown(name)}: {family}{items} item{'' if items == 1 else 's'}>"

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self._values, self.family, self._dictionary)


def _below(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return f"[{len(value)}]"
    if isinstance(value, dict):
        return "{…}" if value else "{}"
    text = value.raw if isinstance(value, Invalid) else str(value)
    text = text if len(text) <= _SHOWN_LENGTH else text[: _SHOWN_LENGTH - 1] + "…"
    return f"invalid {text!r}" if isinstance(value, Invalid) else text


def _copy(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _copy(below) for name, below in value.items()}
    return [_copy(below) for below in value] if isinstance(value, list) else value
