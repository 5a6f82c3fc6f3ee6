"""Rule packs: their format, loading, what they include of each other, code lists and tables."""

from casrules.packs.codelists import CodeLists, load_code_lists, shipped_code_lists
from casrules.packs.extending import Foreign, PackSet, combine, finder, gather
from casrules.packs.loading import Pack, PackedConfiguration, PackedRule, cached_pack, load_pack, pack_folders
from casrules.packs.manifest import Manifest
from casrules.packs.models import Example, FixPlan, Rule, Scope, SuggestPlan
from casrules.packs.references import RuleIds

__all__ = [
    "CodeLists",
    "Example",
    "FixPlan",
    "Foreign",
    "Manifest",
    "Pack",
    "PackSet",
    "PackedConfiguration",
    "PackedRule",
    "Rule",
    "RuleIds",
    "Scope",
    "SuggestPlan",
    "cached_pack",
    "combine",
    "finder",
    "gather",
    "load_code_lists",
    "load_pack",
    "pack_folders",
    "shipped_code_lists",
]
