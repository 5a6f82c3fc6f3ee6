"""Packs together: what one pack includes of others, what it changes in their rules, and the rules that result."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from casrules.errors import PackError, Place
from casrules.findings import RuleOverride
from casrules.packs.loading import Pack, PackedRule, load_pack
from casrules.packs.model_errors import near
from casrules.packs.overrides import apply_overrides
from casrules.packs.raw import MANIFEST, pack_folders
from casrules.packs.references import RuleIds, rule_ids
from casrules.packs.tables import Table
from casrules.packs.versions import within
from casrules.packs.yaml_text import read_yaml

REFERENCES = ("after", "explains", "specialises")


@dataclass(frozen=True, slots=True)
class Foreign:
    """A reference to a rule of a pack that is not loaded: it has no effect."""

    rule: str
    reference: str
    place: Place


@dataclass(frozen=True, slots=True)
class PackSet:
    """Packs that run together, extended ones first.

    `rules` are by full id, with overrides applied and references resolved to today's ids; a rule that was switched off
    is not among them. `overrides` are what reports record.
    """

    packs: tuple[Pack, ...]
    rules: Mapping[str, PackedRule]
    ids: RuleIds
    tables: Mapping[str, Table]
    table_words: Mapping[str, Mapping[str, str]]
    overrides: tuple[RuleOverride, ...]
    foreign: tuple[Foreign, ...]


def gather(packs: Sequence[Pack], find: Callable[[str], Pack | None]) -> tuple[Pack, ...]:
    """`packs` and all that they extend, each once, extended ones first.

    `find` loads a pack by id. Raises PackError for a pack nobody has, a version that will not do, a circle, and two
    different packs of one id.
    """
    given = _by_id(packs)
    done: dict[str, Pack] = {}

    def add(pack: Pack, above: tuple[str, ...]) -> None:
        if pack.id in above:
            raise PackError(
                f"packs extend each other in a circle: {' → '.join((*above, pack.id))}",
                place=pack.place("extends"),
                remedy="let one of them stand alone",
            )
        if pack.id in done:
            return
        for number, extension in enumerate(pack.manifest.extends):
            place = pack.place("extends", number)
            found = given.get(extension.pack) or done.get(extension.pack) or find(extension.pack)
            if found is None:
                known = near(extension.pack, given)
                raise PackError(f"nobody has the pack {extension.pack!r}", place=place, remedy=known)
            if not within(found.manifest.version, extension.version):
                problem = f"{found.id} has version {found.manifest.version}, and {extension.version} is wanted"
                raise PackError(problem, place=place, remedy="install that version, or widen the range")
            add(found, (*above, pack.id))
        done[pack.id] = pack

    for pack in given.values():
        add(pack, ())
    return tuple(done.values())


def finder(roots: Iterable[Path], load: Callable[[Path], Pack] = load_pack) -> Callable[[str], Pack | None]:
    """Looks packs up by id below `roots`, the first root that has it first."""
    places = tuple(roots)

    def find(pack_id: str) -> Pack | None:
        for root in places:
            for folder in pack_folders(root):
                if _id_in(folder) == pack_id:
                    return load(folder)
        return None

    return find


def _id_in(folder: Path) -> str | None:
    """The id of the pack in `folder`; None where its manifest cannot be read, as nobody has asked for that one."""
    try:
        content = read_yaml(folder / MANIFEST).content
    except PackError:
        return None
    return content.get("id") if isinstance(content, dict) else None


def combine(packs: Sequence[Pack]) -> PackSet:
    """The rules of packs that run together; every pack that one of them extends must be among them.

    Raises RuleError or PackError, with all places, for an id nobody has, clashing ids and tables, and two packs that
    override one rule differently.
    """
    ordered = gather(packs, lambda _: None)
    ids = rule_ids(ordered)
    effective = {name: rule for pack in ordered for name, rule in pack.rules.items()}
    overrides = apply_overrides(ordered, ids, effective)
    foreign: list[Foreign] = []
    rules = {name: _resolved(rule, ids, foreign) for name, rule in effective.items()}
    rules = _explained(rules)
    words = {name: found for pack in ordered for name, found in pack.manifest.tables.items()}
    return PackSet(ordered, rules, ids, _tables(ordered), words, tuple(overrides), tuple(foreign))


def _by_id(packs: Iterable[Pack]) -> dict[str, Pack]:
    found: dict[str, Pack] = {}
    for pack in packs:
        other = found.setdefault(pack.id, pack)
        if other.digest != pack.digest:
            problem = f"two packs are called {pack.id!r}"
            raise PackError(problem, place=pack.place("id"), remedy=f"the other is at {other.place('id')}")
    return found


def _resolved(packed: PackedRule, ids: RuleIds, foreign: list[Foreign]) -> PackedRule:
    """The rule with today's ids in its references; those into packs that are not loaded stay as they are."""
    update: dict[str, Any] = {}
    for key in REFERENCES:
        written: tuple[str, ...] = getattr(packed.rule, key)
        found = []
        for number, reference in enumerate(written):
            today = ids.canonical(reference)
            if today is not None:
                found.append(today)
                continue
            place = packed.place(key, number)
            if ids.is_foreign(reference, packed.pack):
                foreign.append(Foreign(packed.id, reference, place))
                found.append(reference)
            else:
                found.append(ids.resolve(reference, packed.pack, place))
        if tuple(found) != written:
            update[key] = tuple(found)
    if packed.rule.replaced_by is not None and not ids.is_foreign(packed.rule.replaced_by, packed.pack):
        update["replaced_by"] = ids.resolve(packed.rule.replaced_by, packed.pack, packed.place("replaced_by"))
    if all(getattr(packed.rule, key) == value for key, value in update.items()):
        return packed
    return replace(packed, rule=packed.rule.model_copy(update=update))


def _explained(rules: Mapping[str, PackedRule]) -> dict[str, PackedRule]:
    """The rules, those that another one explains coming after it: `after`, said by the pack that knows both."""
    causes: dict[str, list[str]] = {}
    for name, packed in rules.items():
        for explained in packed.rule.explains:
            causes.setdefault(explained, []).append(name)
    found = dict(rules)
    for name in causes.keys() & rules.keys():
        written = rules[name].rule.after
        after = tuple(dict.fromkeys((*written, *causes[name])))
        found[name] = replace(rules[name], rule=rules[name].rule.model_copy(update={"after": after}))
    return found


def _tables(packs: Sequence[Pack]) -> dict[str, Table]:
    """Look-up tables of all packs by name; one name means one table."""
    found: dict[str, tuple[Pack, Table]] = {}
    for pack in packs:
        for name, table in pack.tables.items():
            other, known = found.setdefault(name, (pack, table))
            if known != table:
                raise PackError(
                    f"the packs {other.id} and {pack.id} have different tables {name!r}",
                    place=pack.place(),
                    remedy=f"rename {name}.csv in one of them",
                )
    return {name: table for name, (_, table) in found.items()}
