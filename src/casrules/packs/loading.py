"""Loads a rule pack: a folder with `pack.yaml` and topic files. Loading executes nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

from pydantic import Field

from casrules.errors import PackError, Place, RuleError
from casrules.limits import DEFAULT_LIMITS, Limits
from casrules.packs.configuration import Configured, read_rule, read_table
from casrules.packs.decisions import Row, Shadowed, compile_table
from casrules.packs.manifest import Manifest
from casrules.packs.model_errors import FORMAT, near, read_model
from casrules.packs.models import PackModel, Rule, Scope
from casrules.packs.raw import DECISIONS, RawPack, pack_folders, read_pack
from casrules.packs.tables import Table
from casrules.packs.translations import Translation, read_translations, translated_topic
from casrules.packs.yaml_lines import Lines


@dataclass(frozen=True, slots=True)
class PackedRule:
    """A rule with its home: full id `<pack>.<id>`, the pack's version, and the lines of its parts.

    `scope` and `rule.valid` are narrowed by the pack's. `table` names the decision table a rule came from,
    `translations` are its texts by language.
    """

    id: str
    pack: str
    pack_version: str
    rule: Rule
    scope: Scope
    lines: Lines
    table: str = ""
    pack_digest: str = ""
    translations: Mapping[str, Translation] = field(default_factory=dict)

    def answers(self, code: str) -> bool:
        """Whether customs would answer with this code, or name this rule of theirs."""
        return any(code in (entry.code, entry.rule) for entry in self.rule.authority)

    def place(self, *path: str | int) -> Place:
        """File and line of a part of the rule: `place("require")`, `place("branches", 0, "message")`."""
        return self.lines.place(*path)


@dataclass(frozen=True, slots=True)
class PackedConfiguration:
    """A configuration rule with its home: `packed` is the rule it is kept as, `written` what stands in the file."""

    packed: PackedRule
    written: Configured

    @property
    def id(self) -> str:
        """The full id, `<pack>.<rule>`."""
        return self.packed.id


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
    configuration: Mapping[str, PackedConfiguration] = field(default_factory=dict)

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
    configuration: tuple[object, ...] = Field(default=())
    configuration_tables: tuple[object, ...] = Field(default=())

    @property
    def is_empty(self) -> bool:
        return not (self.rules or self.decisions or self.configuration or self.configuration_tables)


def load_pack(folder: Path, limits: Limits = DEFAULT_LIMITS) -> Pack:
    """Load the pack in `folder`; raises PackError or RuleError with file and line for whatever is wrong."""
    return build_pack(read_pack(folder, limits))


@cache
def cached_pack(folder: Path) -> Pack:
    """Like load_pack, read once per process: for the packs that ship with the library."""
    return load_pack(folder)


def build_pack(raw: RawPack) -> Pack:
    """The pack that `raw` describes; raises PackError or RuleError with file and line."""
    builder = _Builder(read_model(Manifest, raw.manifest), raw)
    for name, lines in raw.topics.items():
        builder.read(name, lines)
    for name, lines in raw.translations.items():
        builder.translate(name, lines)
    return builder.pack()


@dataclass
class _Builder:
    """Collects what the topic files of a pack hold."""

    manifest: Manifest
    raw: RawPack
    rules: dict[str, PackedRule] = field(default_factory=dict)
    configuration: dict[str, PackedConfiguration] = field(default_factory=dict)
    shadowed: list[Shadowed] = field(default_factory=list)
    used: set[str] = field(default_factory=set)
    topics: dict[str, str] = field(default_factory=dict)

    def read(self, file: str, lines: Lines) -> None:
        """Add the rules and configuration rules of one topic file."""
        before = set(self.rules)
        self._read(lines)
        self.topics.update(dict.fromkeys(self.rules.keys() - before, file))

    def translate(self, file: str, lines: Lines) -> None:
        """Give the rules of a topic their texts in another language."""
        topic, lang = translated_topic(file) or (file, "")
        ids = {packed.rule.id: name for name, packed in self.rules.items()}
        own = {packed.rule.id: packed.rule for name, packed in self.rules.items() if self.topics[name] == topic}
        for written, translation in read_translations(lines, own, ids).items():
            packed = self.rules[ids[written]]
            self.rules[packed.id] = replace(packed, translations={**packed.translations, lang: translation})

    def _read(self, lines: Lines) -> None:
        topic = read_model(_Topic, lines)
        if topic.is_empty:
            raise PackError("the file has neither rules nor decisions", place=lines.place(), remedy=FORMAT)
        for entry in lines.entries("rules") if topic.rules else ():
            self._add(read_model(Rule, entry, kind=RuleError), entry)
        for entry in lines.entries("decisions") if topic.decisions else ():
            file = entry.content.get("file") if isinstance(entry.content, dict) else None
            compiled = compile_table(entry, self._rows(file, entry) if isinstance(file, str) and file else None)
            self.shadowed.extend(compiled.shadowed)
            for found in compiled.rules:
                self._add(found.rule, found.lines, str(entry.content["id"]))
        for entry in lines.entries("configuration") if topic.configuration else ():
            self._configure(read_rule(entry))
        for entry in lines.entries("configuration_tables") if topic.configuration_tables else ():
            table = read_table(entry, self._rows)
            self.shadowed.extend(table.shadowed)
            for written in table.rules:
                self._configure(written)

    def pack(self) -> Pack:
        """What was read; PackError for a file of rows that nobody names, and for words about no table or column."""
        self._check_words()
        raw, unused = self.raw, set(self.raw.decisions) - self.used
        if unused:
            file = next(row.place.file for row in raw.decisions[min(unused)])
            raise PackError(
                f"nobody loads {min(unused)}", place=Place(file), remedy="name it as `file` of a decision table"
            )
        return Pack(
            self.manifest, raw.folder, raw.digest, self.rules, raw.tables, raw.manifest, tuple(self.shadowed),
            self.configuration,
        )  # fmt: skip

    def _check_words(self) -> None:
        tables = self.raw.tables
        for name, words in self.manifest.tables.items():
            if name not in tables:
                place = self.raw.manifest.place("tables", name)
                raise PackError(f"there is no tables/{name}.csv", place=place, remedy=near(name, tables))
            columns = {column for row in tables[name].values() for column in row}
            for column in words.keys() - columns:
                place = self.raw.manifest.place("tables", name, column)
                problem = f"the table {name!r} has no column {column!r}"
                raise PackError(problem, place=place, remedy=near(column, columns))

    def _add(self, rule: Rule, lines: Lines, table: str = "") -> None:
        packed = _packed(self.manifest, rule, lines, table, self.raw.digest)
        self._once(packed)
        self.rules[packed.id] = packed

    def _configure(self, written: Configured) -> None:
        packed = _packed(self.manifest, written.rule, written.lines, written.table, self.raw.digest)
        self._once(packed)
        self.configuration[packed.id] = PackedConfiguration(packed, written)

    def _once(self, packed: PackedRule) -> None:
        known = self.rules.get(packed.id) or self.configuration.get(packed.id)
        if known is None:
            return
        first = (known if isinstance(known, PackedRule) else known.packed).place("id")
        problem = f"the rule {packed.rule.id!r} exists twice"
        raise RuleError(problem, place=packed.place("id"), remedy=f"first at {first}; ids are never reused")

    def _rows(self, file: str, lines: Lines) -> Sequence[Row]:
        """The rows of a CSV file of the pack that `lines` names as its `file`."""
        if file not in self.raw.decisions:
            known = ", ".join(sorted(self.raw.decisions)) or "none"
            problem = f"there is no {DECISIONS}/{file}"
            raise RuleError(problem, place=lines.place("file"), remedy=f"files there: {known}")
        self.used.add(file)
        return self.raw.decisions[file]


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


__all__ = ["Pack", "PackedConfiguration", "PackedRule", "build_pack", "cached_pack", "load_pack", "pack_folders"]
