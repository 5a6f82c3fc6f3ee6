"""Rule packs: their format, loading, code lists and tables."""

from casrules.packs.loading import Pack, PackedRule, cached_pack, load_pack, pack_folders
from casrules.packs.models import Example, FixPlan, Rule, Scope, SuggestPlan

__all__ = [
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
]
