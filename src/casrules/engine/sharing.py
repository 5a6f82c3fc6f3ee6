"""What engines of one process share: rules are checked and compiled once for each set of packs, by digest."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from pathlib import Path

from casrules.dictionary import shipped_dictionary
from casrules.engine.catalog import Catalog
from casrules.engine.planning import Plans
from casrules.findings import ReferenceData
from casrules.limits import DEFAULT_LIMITS, Limits
from casrules.packs import CodeLists, Pack
from casrules.packs.compiled import CompiledPacks
from casrules.resources import schemas_folder
from casrules.rules import Choice, RuleSet, build_ruleset
from casrules.rules.compiling import shipped_packs
from casrules.rules.known_scopes import known_scopes
from casrules.rules.sources import families_of

SETS_KEPT = 8
CHOICES_KEPT = 32


@dataclass(frozen=True, eq=False)
class LoadedPacks:
    """Packs that run together; two with the same digests in the same order are the same."""

    packs: tuple[Pack, ...]
    compiled: CompiledPacks | None = None

    @cached_property
    def digests(self) -> tuple[tuple[str, str], ...]:
        """Id and digest of each pack."""
        return tuple((pack.id, pack.digest) for pack in self.packs)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, LoadedPacks) and self.digests == other.digests

    def __hash__(self) -> int:
        return hash(self.digests)


@cache
def shipped_catalog() -> Catalog:
    """The families, mappings and tables that come with the library."""
    return Catalog.load(schemas_folder(), shipped_dictionary())


@dataclass(frozen=True, eq=False)
class LoadedLists:
    """The shipped code lists with those of the caller, which `own` names; two with the same digests are the same."""

    code_lists: CodeLists
    own: tuple[ReferenceData, ...] = ()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, LoadedLists) and self.own == other.own

    def __hash__(self) -> int:
        return hash(self.own)


@cache
def shared_packs(cache_dir: Path | None = None) -> tuple[tuple[Pack, ...], CompiledPacks | None]:
    """The shipped packs and what is compiled of them, read once; see shipped_packs."""
    packs, compiled = shipped_packs(shipped_dictionary(), cache_dir)
    return tuple(packs), compiled


@lru_cache(SETS_KEPT)
def shared_ruleset(loaded: LoadedPacks, lists: LoadedLists, limits: Limits = DEFAULT_LIMITS) -> RuleSet:
    """The checked rules of the packs; raises RuleError or PackError, with file and line, for broken ones."""
    catalog = shipped_catalog()
    return build_ruleset(
        loaded.packs,
        catalog.dictionary,
        lists.code_lists,
        families_of,
        frozenset(catalog.families.by_id),
        known_scopes=known_scopes(catalog.families),
        checked_before=loaded.compiled,
        limits=limits,
    )


@lru_cache(CHOICES_KEPT)
def shared_plans(loaded: LoadedPacks, lists: LoadedLists, choice: Choice, limits: Limits = DEFAULT_LIMITS) -> Plans:
    """The message plans of the packs for one choice of rules."""
    return Plans(shipped_catalog(), shared_ruleset(loaded, lists, limits), lists.code_lists, choice)
