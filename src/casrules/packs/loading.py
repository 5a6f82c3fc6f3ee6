"""Loads a rule pack: a folder with `pack.yaml` and topic files. Loading executes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pydantic import Field

from casrules.errors import PackError, Place, RuleError
from casrules.limits import DEFAULT_LIMITS, Limits
from casrules.packs.decisions import Shadowed, compile_table
from casrules.packs.manifest import Manifest
from casrules.packs.model_errors import FORMAT, read_model
from casrules.packs.models import PackModel, Rule, Scope
from casrules.packs.raw import DECISIONS, RawPack, pack_folders, read_pack
from casrules.packs.tables import Table
from casrules.packs.yaml_lines import Lines


@dataclass(frozen=True, slots=True)
class PackedRule:
    """A rule with its home: full id `<pack>.<id>`, the pack's version, and the lines of its parts.

    `scope` and `rule.valid` are narrowed by the pack's. `table` names the decision table a rule came from.
    """

    id: str
    pack: str
    pack_version: str
    rule: Rule
    scope: Scope
    lines: Lines
    table: str = ""
    pack_digest: str = ""

    def place(self, *path: str | int) -> Place:
        """File and line of a part of the rule: `place("require")`, `place("branches", 0, "message")`."""
        return self.lines.place(*path)


@dataclass(frozen=True, slots=True)
class Pack:
    """A loaded pack; `digest` (sha256) changes whenever a byte of its files does."""

    manifest: Manifest
    folder: Path
    digest: str
    rules: Mapping[str, PackedRule]
    tables: Mapping[str, Table]
    lines: Lines
    shadowed: tuple[Shadowed, ...] = ()

    @property
    def id(self) -> str:
        """The pack's id, the prefix of its rules' ids."""
        return self.manifest.id

    def place(self, *path: str | int) -> Place:
        """File and line of a part of the manifest."""
        return self.lines.place(*path)


class _Topic(PackModel):
    """The keys of a topic file; its rules and tables are read one by one, for better messages."""

    topic: str = ""
    rules: tuple[object, ...] = Field(default=())
    decisions: tuple[object, ...] = Field(default=())


def load_pack(folder: Path, limits: Limits = DEFAULT_LIMITS) -> Pack:
    """Load the pack in `folder`; raises PackError or RuleError with file and line for whatever is wrong."""
    return build_pack(read_pack(folder, limits))


@cache
def cached_pack(folder: Path) -> Pack:
    """Like load_pack, read once per process: for the packs that ship with the library."""
    return load_pack(folder)


def build_pack(raw: RawPack) -> Pack:
    """The pack that `raw` describes; raises PackError or RuleError with file and line."""
    manifest = read_model(Manifest, raw.manifest)
    rules: dict[str, PackedRule] = {}
    shadowed: list[Shadowed] = []
    unused = set(raw.decisions)
    for lines in raw.topics.values():
        for rule, places, table in _rules(lines, raw, shadowed, unused):
            packed = _packed(manifest, rule, places, table, raw.digest)
            if packed.id in rules:
                first = rules[packed.id].place("id")
                problem = f"the rule {rule.id!r} exists twice"
                raise RuleError(problem, place=places.place("id"), remedy=f"first at {first}; ids are never reused")
            rules[packed.id] = packed
    if unused:
        file = next(row.place.file for row in raw.decisions[min(unused)])
        raise PackError(
            f"nobody loads {min(unused)}", place=Place(file), remedy="name it as `file` of a decision table"
        )
    return Pack(manifest, raw.folder, raw.digest, rules, raw.tables, raw.manifest, tuple(shadowed))


def _rules(lines: Lines, raw: RawPack, shadowed: list[Shadowed], unused: set[str]) -> Iterator[tuple[Rule, Lines, str]]:
    """The rules of a topic file, written out and from decision tables, each with its lines and its table's id."""
    topic = read_model(_Topic, lines)
    if not topic.rules and not topic.decisions:
        raise PackError("the file has neither rules nor decisions", place=lines.place(), remedy=FORMAT)
    for entry in lines.entries("rules") if topic.rules else ():
        yield read_model(Rule, entry, kind=RuleError), entry, ""
    for entry in lines.entries("decisions") if topic.decisions else ():
        rows = None
        file = entry.content.get("file") if isinstance(entry.content, dict) else None
        if isinstance(file, str) and file:
            if file not in raw.decisions:
                known = ", ".join(sorted(raw.decisions)) or "none"
                problem = f"there is no {DECISIONS}/{file}"
                raise RuleError(problem, place=entry.place("file"), remedy=f"files there: {known}")
            rows = raw.decisions[file]
            unused.discard(file)
        compiled = compile_table(entry, rows)
        shadowed.extend(compiled.shadowed)
        for found in compiled.rules:
            yield found.rule, found.lines, str(entry.content["id"])


def _packed(manifest: Manifest, rule: Rule, lines: Lines, table: str, digest: str) -> PackedRule:
    valid = rule.valid.within(manifest.valid)
    narrowed = rule if valid == rule.valid else rule.model_copy(update={"valid": valid})
    return PackedRule(
        f"{manifest.id}.{rule.id}",
        manifest.id,
        manifest.version,
        narrowed,
        _narrow(manifest.scope, rule.scope),
        lines,
        table,
        digest,
    )


def _narrow(pack: Scope, rule: Scope) -> Scope:
    """The rule's scope, with the pack's where the rule is silent."""
    return Scope(**{name: getattr(rule, name) or getattr(pack, name) for name in Scope.model_fields})


__all__ = ["Pack", "PackedRule", "build_pack", "cached_pack", "load_pack", "pack_folders"]
