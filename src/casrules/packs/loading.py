"""Loads a rule pack: a folder with `pack.yaml` and topic files. Loading executes nothing."""

from __future__ import annotations

import difflib
import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from casrules.errors import PackError, Place, RuleError, place_of
from casrules.limits import DEFAULT_LIMITS, Limits
from casrules.packs.models import Manifest, Rule, Scope, Topic
from casrules.packs.tables import Table, load_tables
from casrules.packs.yaml_text import Document, read_yaml

Model = TypeVar("Model", bound=BaseModel)
MANIFEST = "pack.yaml"
TRANSLATION = re.compile(r"^.+\.[a-z]{2}\.yaml$")


@dataclass(frozen=True, slots=True)
class PackedRule:
    """A rule with its home: full id `<pack>.<id>`, the pack's version, and the lines of its parts."""

    id: str
    pack: str
    pack_version: str
    rule: Rule
    scope: Scope
    document: Document
    index: int

    def place(self, *path: str | int) -> Place:
        """File and line of a part of the rule: `place("require")`, `place("branches", 0, "message")`."""
        return self.document.place("rules", self.index, *path)


@dataclass(frozen=True, slots=True)
class Pack:
    """A loaded pack; `digest` (sha256) changes whenever a byte of its files does."""

    manifest: Manifest
    folder: Path
    digest: str
    rules: Mapping[str, PackedRule]
    tables: Mapping[str, Table]

    @property
    def id(self) -> str:
        """The pack's id, the prefix of its rules' ids."""
        return self.manifest.id


def load_pack(folder: Path, limits: Limits = DEFAULT_LIMITS) -> Pack:
    """Load the pack in `folder`; raises PackError or RuleError with file and line for whatever is wrong."""
    manifest_path = folder / MANIFEST
    if not manifest_path.is_file():
        raise PackError(
            f"{folder.name} is not a rule pack",
            place=place_of(folder),
            remedy=f"a pack is a folder with a {MANIFEST}",
        )
    manifest = _model(Manifest, read_yaml(manifest_path, limits), ())
    digest = hashlib.sha256(manifest_path.read_bytes())
    rules: dict[str, PackedRule] = {}
    for path in _topic_files(folder):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
        for packed in _topic(read_yaml(path, limits), manifest):
            if packed.id in rules:
                first = rules[packed.id].place("id")
                raise RuleError(
                    f"the rule {packed.rule.id!r} exists twice",
                    place=packed.place("id"),
                    remedy=f"first at {first}",
                )
            rules[packed.id] = packed
    for path in sorted((folder / "tables").glob("*.csv")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return Pack(manifest, folder, digest.hexdigest(), rules, load_tables(folder))


@cache
def cached_pack(folder: Path) -> Pack:
    """Like load_pack, read once per process: for the packs that ship with the library."""
    return load_pack(folder)


def pack_folders(root: Path) -> list[Path]:
    """The folders below `root` that hold a pack, in order of name."""
    return sorted(path.parent for path in root.rglob(MANIFEST))


def _topic_files(folder: Path) -> list[Path]:
    found = []
    for path in sorted(folder.iterdir()):
        if path.name == MANIFEST or path.name.startswith(".") or _is_nested(path):
            continue
        if path.suffix != ".yaml" or TRANSLATION.match(path.name):
            raise PackError(
                f"nobody loads {path.name}", place=place_of(path), remedy="a pack holds topic files *.yaml"
            )
        found.append(path)
    return found


def _is_nested(path: Path) -> bool:
    return path.is_dir() and (path.name == "tables" or bool(pack_folders(path)))


def _topic(document: Document, manifest: Manifest) -> list[PackedRule]:
    topic = _model(Topic, document, ())
    return [
        PackedRule(
            f"{manifest.id}.{rule.id}",
            manifest.id,
            manifest.version,
            rule,
            _narrow(manifest.scope, rule.scope),
            document,
            index,
        )
        for index, rule in enumerate(topic.rules)
    ]


def _narrow(pack: Scope, rule: Scope) -> Scope:
    """The rule's scope, with the pack's where the rule is silent."""
    return Scope(**{name: getattr(rule, name) or getattr(pack, name) for name in Scope.model_fields})


def _model(model: type[Model], document: Document, at: Sequence[str | int]) -> Model:
    if not isinstance(document.content, dict):
        raise PackError(
            "the file holds no keys", place=place_of(document.path), remedy="see docs/rule-packs.md"
        )
    try:
        return model.model_validate(document.content)
    except ValidationError as error:
        raise _explain(error, model, document, at) from None


def _explain(
    error: ValidationError, model: type[BaseModel], document: Document, at: Sequence[str | int]
) -> PackError:
    first = error.errors()[0]
    path = (*at, *first["loc"])
    place = document.place(*path)
    written = _value_at(document.content, path)
    kind = RuleError if "rules" in path else PackError
    if first["type"] == "extra_forbidden":
        near = difflib.get_close_matches(str(path[-1]), _keys(model, first["loc"][:-1]), n=1, cutoff=0.5)
        return kind(
            f"unknown key {path[-1]!r}",
            place=place,
            remedy=f"did you mean {near[0]!r}?" if near else "remove it",
        )
    if first["type"] == "missing":
        return kind(f"the key {path[-1]!r} is missing", place=place, remedy="add it")
    shown = f", but {written!r} is written" if isinstance(written, str) else ""
    name = ".".join(str(part) for part in path if not isinstance(part, int))
    what = str(first["msg"]).removeprefix("Value error, ")
    return kind(f"{name or document.path.name}: {what}{shown}", place=place, remedy="see docs/rule-packs.md")


def _value_at(content: Any, path: Sequence[str | int]) -> Any:
    for step in path:
        try:
            content = content[step]
        except (KeyError, IndexError, TypeError):
            return None
    return content


def _keys(model: type[BaseModel], path: Sequence[str | int]) -> list[str]:
    current: Any = model
    for step in path:
        if isinstance(step, str):
            field = next((f for name, f in current.model_fields.items() if step in (name, f.alias)), None)
            current = _inner_model(field.annotation) if field else None
            if current is None:
                return []
    return [field.alias or name for name, field in current.model_fields.items()]


def _inner_model(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for part in getattr(annotation, "__args__", ()):
        found = _inner_model(part)
        if found is not None:
            return found
    return None
