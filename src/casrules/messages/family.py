"""Message families: what each manifest (`schemas/families/<family>/family.yaml`) says about its messages."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Literal, TypeVar

import re2
import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from casrules.errors import MappingError, UsageError, place_of
from casrules.messages.data_file import read_data
from casrules.messages.paths import parse_path, qualified

Role = Literal["declaration", "amendment", "invalidation", "notification", "answer"]
Flow = Literal["transit", "export", "import", "entry"]

Model = TypeVar("Model", bound=BaseModel)


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class SchemaSet(_Frozen):
    """One version of a family's schemas; `declared` are the versions that messages of it state."""

    id: str
    phase: str
    version: str
    declared: tuple[str, ...] = ()
    schema_status: Literal["official", "official-facts", "reconstructed"] = "official"


class ShapeCondition(_Frozen):
    """What tells messages of one root apart: the text at `path` is one of `values`, matches, or is there."""

    path: str
    values: tuple[str, ...] = ()
    matches: str = ""
    present: bool | None = None


class Message(_Frozen):
    """One kind of message. `roots` are `{namespace}Name`; `start` leads from there to the declaration."""

    id: str
    title: str
    role: Role
    complete: bool
    roots: tuple[str, ...] = Field(min_length=1)
    start: str = "."
    shape: tuple[ShapeCondition, ...] = ()
    table: str | None = None
    flow: Flow | None = None
    reference_date: tuple[str, ...] = ()


class Family(_Frozen):
    """A family of messages of one customs system, with the folder of its manifest and mapping."""

    id: str
    title: str
    system: str
    jurisdiction: str
    flow: Flow
    namespaces: dict[str, str] = Field(default_factory=dict)
    version_attribute: str = ""
    sets: tuple[SchemaSet, ...] = Field(min_length=1)
    reference_date: tuple[str, ...] = ()
    messages: tuple[Message, ...] = Field(min_length=1)
    folder: Path = Path()

    def message(self, identifier: str) -> Message | None:
        """The message with this identifier, None if there is none."""
        return next((message for message in self.messages if message.id == identifier), None)

    def reference_dates(self, message: Message) -> tuple[str, ...]:
        """Dictionary paths of the reference date, the first present wins."""
        return message.reference_date or self.reference_date


class Unsupported(_Frozen):
    """A message that is recognised but not supported; `root` and `namespace` are regular expressions."""

    title: str
    root: str
    namespace: str = ".*"

    def fits(self, name: str, namespace: str) -> bool:
        """Whether a root element of this name and namespace is one of these messages."""
        return bool(re2.fullmatch(self.root, name) and re2.fullmatch(self.namespace, namespace))


Known = tuple[Family, Message]


@dataclass(frozen=True)
class Families:
    """All families by identifier, and the messages that are known but not supported. Immutable."""

    by_id: Mapping[str, Family]
    unsupported: tuple[Unsupported, ...] = ()

    @classmethod
    def load(cls, folder: Path) -> Families:
        """Read every manifest below `folder`, once per folder; MappingError for a broken one."""
        return _load(folder.resolve())

    def __iter__(self) -> Iterator[Family]:
        """The families in order of their identifiers."""
        return iter(self.by_id.values())

    @cached_property
    def roots(self) -> Mapping[str, tuple[Known, ...]]:
        """`{namespace}Name` of a root → the messages that have it, in the manifest's order."""
        return _grouped((root, known) for known in self._all() for root in known[1].roots)

    @cached_property
    def inner_roots(self) -> Mapping[str, tuple[Known, ...]]:
        """The same for the element a `start` of one step leads to: the root where the envelope is left out.

        Only names with a namespace: without one they prove nothing.
        """
        return _grouped((root, known) for known in self._all() for root in _inner_root(known))

    def _all(self) -> Iterator[Known]:
        return ((family, message) for family in self for message in family.messages)

    def parse_format(self, text: str) -> tuple[Family, Message | None]:
        """`ncts` or `ncts.CC015C`; UsageError with the nearest known format for anything else."""
        family_id, _, message_id = text.partition(".")
        family = self.by_id.get(family_id)
        message = family.message(message_id) if family and message_id else None
        if family is None or (message_id and message is None):
            known = [
                *self.by_id,
                *(f"{family.id}.{message.id}" for family in self for message in family.messages),
            ]
            near = difflib.get_close_matches(text, known, n=1, cutoff=0.3)
            hint = f"did you mean {near[0]}?" if near else f"known families: {', '.join(self.by_id)}"
            raise UsageError(f"unknown format {text!r}", remedy=hint)
        return family, message


def _grouped(pairs: Iterable[tuple[str, Known]]) -> Mapping[str, tuple[Known, ...]]:
    found: dict[str, list[Known]] = {}
    for root, known in pairs:
        found.setdefault(root, []).append(known)
    return {root: tuple(entries) for root, entries in found.items()}


def _inner_root(known: Known) -> Iterator[str]:
    family, message = known
    steps = parse_path(message.start).steps
    name = qualified(steps[0].name, family.namespaces) if len(steps) == 1 else ""
    if name.startswith("{"):
        yield name


@cache
def _load(folder: Path) -> Families:
    families = [load_family(path.parent) for path in sorted(folder.glob("*/family.yaml"))]
    listed = folder / "unsupported.yaml"
    unsupported: tuple[Unsupported, ...] = ()
    if listed.is_file():
        entries = _yaml(listed).get("messages") or ()
        unsupported = tuple(_checked(Unsupported, entry, listed) for entry in entries)
    return Families({family.id: family for family in families}, unsupported)


def load_family(folder: Path) -> Family:
    """Read one manifest; MappingError, with the file, for an unknown key, a missing or a duplicate one."""
    path = folder / "family.yaml"
    family = _checked(Family, {**_yaml(path), "folder": folder}, path)
    identifiers = [message.id for message in family.messages]
    twice = sorted({name for name in identifiers if identifiers.count(name) > 1})
    if twice:
        raise MappingError(f"message {twice[0]!r} is listed twice", place=place_of(path))
    return family


def _yaml(path: Path) -> dict[str, Any]:
    try:
        read = read_data(path)
    except yaml.YAMLError as error:
        raise MappingError(f"the manifest cannot be read: {error}", place=place_of(path)) from error
    if not isinstance(read, dict):
        raise MappingError("the manifest is not a mapping of names to values", place=place_of(path))
    return read


def _checked(model: type[Model], entry: Any, path: Path) -> Model:
    try:
        return model.model_validate(entry)
    except ValidationError as error:
        found = error.errors()
        first = next((one for one in found if one["type"] == "extra_forbidden"), found[0])
        where = ".".join(str(part) for part in first["loc"])
        raise MappingError(f"{where}: {first['msg']}", place=place_of(path)) from error
