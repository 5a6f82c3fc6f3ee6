"""Frozen resource limits: every cap of the library in one place, each can be lowered or raised by the caller."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Caps on what one message or one pack may cost.

    A 9,999-item declaration with 100 elements an item fits the defaults. `rule_cost` is how many entities a rule may
    visit in the longest declaration.
    """

    message_bytes: int = 64 * 1024 * 1024
    message_elements: int = 1_200_000
    message_depth: int = 100
    attributes_per_element: int = 100
    text_characters: int = 1_000_000
    explained_elements: int = 60_000
    explained_errors: int = 1_000
    reported_violations: int = 10_000
    pack_bytes: int = 4 * 1024 * 1024
    pack_depth: int = 30
    pack_aliases: int = 100
    pack_values: int = 200_000
    expression_characters: int = 10_000
    expression_depth: int = 60
    rule_cost: int = 10**9


DEFAULT_LIMITS = Limits()
