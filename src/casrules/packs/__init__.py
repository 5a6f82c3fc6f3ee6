"""Rule packs: their format, loading, code lists and tables."""

from casrules.packs.codelists import CodeLists, shipped_code_lists
from casrules.packs.loading import Pack, PackedRule, cached_pack, load_pack, pack_folders
from casrules.packs.models import Example, FixPlan, Rule, Scope, SuggestPlan

__all__ = [
    "CodeLists",
    "Example",
    "FixPlan",
    "Pack",
    "PackedRule",
    "Rule",
    "Scope",
    "SuggestPlan",
    "cached_pack",
    "load_pack",
    "pack_folders",
    "shipped_code_lists",
]
