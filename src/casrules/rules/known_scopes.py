"""What a scope can name: the closed lists of the message families, of data sets and of procedures."""

from __future__ import annotations

from collections.abc import Mapping

from casrules.messages.family import Families
from casrules.packs import shipped_code_lists
from casrules.packs.scope_conditions import shipped_scope_conditions


def known_scopes(families: Families) -> Mapping[str, frozenset[str]]:
    """The values each key of a scope can have."""
    messages = [(family, message) for family in families for message in family.messages]
    return {
        "family": frozenset(families.by_id),
        "message": frozenset(f"{family.id}.{message.id}" for family, message in messages),
        "phase": frozenset(found.phase for family in families for found in family.sets if found.phase),
        "jurisdiction": frozenset(family.jurisdiction for family in families if family.jurisdiction),
        "flow": frozenset(message.flow or family.flow for family, message in messages),
        "role": frozenset(message.role for _, message in messages),
        **shipped_scope_conditions().known(shipped_code_lists()),
    }
