"""The packs under test with everything their examples need: checked rules, code lists, tables, messages."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from casrules.dictionary import Dictionary, shipped_dictionary
from casrules.errors import Place, UsageError
from casrules.language import EvaluationContext
from casrules.packs import CodeLists, Example, Pack, finder, gather, load_pack, pack_folders
from casrules.packs.given_lists import lists_with
from casrules.resources import rulesets_folder, schemas_folder
from casrules.rules import PackRule, RuleSet
from casrules.rules.compiling import checked
from casrules.testing.carriers import Carriers

KINDS = ("valid", "invalid", "not_applicable", "known_gap")


@dataclass(frozen=True, slots=True)
class Case:
    """One example of a rule; `number` counts from 1 within its kind."""

    rule: PackRule
    kind: str
    number: int
    example: Example

    @property
    def name(self) -> str:
        """`invalid-2`."""
        return f"{self.kind}-{self.number}"

    @property
    def id(self) -> str:
        """`eu.ncts.R0223[invalid-2]`."""
        return f"{self.rule.id}[{self.name}]"

    @property
    def place(self) -> Place:
        """File and line of the example."""
        return self.rule.packed.place("examples", self.kind, self.number - 1)


@dataclass(frozen=True)
class Suite:
    """Packs under test; `packs` are those that were named, `ruleset` holds what they extend as well."""

    packs: tuple[Pack, ...]
    ruleset: RuleSet
    code_lists: CodeLists
    carriers: Carriers
    dictionary: Dictionary

    def rules(self, pack: Pack) -> list[PackRule]:
        """The pack's own rules, in order of id; those that a pack switched off are left out."""
        return [self.ruleset.rules[name] for name in sorted(pack.rules) if name in self.ruleset.rules]

    def rule(self, rule_id: str) -> PackRule:
        """A rule by its full id, or by the part after the pack where that is unique; former ids work too.

        Raises UsageError with the nearest known id.
        """
        known = self.ruleset.rules
        canonical = self.ruleset.ids.canonical(rule_id)
        if canonical is not None and canonical in known:
            return known[canonical]
        found = [name for name, rule in known.items() if rule_id in (rule.packed.rule.id, *rule.packed.rule.aliases)]
        if len(found) == 1:
            return known[found[0]]
        if found:
            raise UsageError(f"{rule_id!r} names {len(found)} rules", remedy=f"say which: {', '.join(sorted(found))}")
        near = difflib.get_close_matches(rule_id, [*known, *(r.packed.rule.id for r in known.values())], 1, 0.4)
        raise UsageError(
            f"there is no rule {rule_id!r}", remedy=f"did you mean {near[0]}?" if near else "casrules rules lists them"
        )

    def context(self, day: str, *, complete: bool = False) -> EvaluationContext:
        """What rules may use on a day (YYYY-MM-DD) besides the record; `complete`: partial lists count as whole."""
        lists = self.code_lists.completed() if complete else self.code_lists
        return EvaluationContext(day, lambda name: lists.get(name, day), self.ruleset.tables.get)


def cases_of(rule: PackRule) -> Iterator[Case]:
    """The examples of a rule, by kind."""
    for kind in KINDS:
        for number, example in enumerate(getattr(rule.packed.rule.examples, kind), 1):
            yield Case(rule, kind, number, example)


def load_suite(
    places: Iterable[str | Path] = (), *, more_packs: Sequence[Path] = (), codelists: Iterable[str | Path] = ()
) -> Suite:
    """The packs at `places`: folders of packs, folders with packs below them, or ids of shipped packs.

    Without any, the shipped packs. What they extend is looked for beside them, below `more_packs` and among the shipped
    packs. `codelists` are files or folders of code lists in place of the shipped ones. Raises PackError or RuleError,
    with file and line, for a pack that is broken; UsageError where there is none.
    """
    named = tuple(places) or (rulesets_folder(),)
    folders = list(dict.fromkeys(_shortened(folder) for place in named for folder in _folders(place)))
    packs = tuple(load_pack(folder) for folder in folders)
    roots = [*more_packs, *dict.fromkeys(folder.parent for folder in folders), rulesets_folder()]
    dictionary, lists = shipped_dictionary(), lists_with(codelists)
    ruleset = checked(gather(packs, finder(roots)), dictionary, lists)
    return Suite(packs, ruleset, lists, Carriers(schemas_folder(), dictionary), dictionary)


def _folders(place: str | Path) -> list[Path]:
    folder = Path(place)
    if folder.is_dir():
        found = pack_folders(folder)
        if not found:
            raise UsageError(f"there is no rule pack in {folder}", remedy="a pack is a folder with a pack.yaml")
        return found
    if folder.is_file():
        raise UsageError(f"{folder} is a file", remedy=f"name the pack's folder: {folder.parent}")
    shipped = {_id_of(found): found for found in pack_folders(rulesets_folder())}
    if str(place) in shipped:
        return [shipped[str(place)]]
    near = difflib.get_close_matches(str(place), shipped, n=1, cutoff=0.5)
    remedy = f"did you mean {near[0]}?" if near else f"a folder, or one of {', '.join(sorted(shipped))}"
    raise UsageError(f"there is no folder and no shipped pack {str(place)!r}", remedy=remedy)


def _shortened(folder: Path) -> Path:
    """The folder as seen from the working folder where it is below it: places are for people to read."""
    return folder.relative_to(Path.cwd()) if folder.is_relative_to(Path.cwd()) else folder


def _id_of(folder: Path) -> str:
    return ".".join(folder.relative_to(rulesets_folder()).parts)
