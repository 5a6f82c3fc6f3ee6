"""Mutation testing of rules: would any example notice if a condition were slightly wrong?"""

from casrules.testing.mutation.scoring import (
    MutationResult,
    RuleScore,
    Survivor,
    mutate,
    mutate_rule,
)

__all__ = ["MutationResult", "RuleScore", "Survivor", "mutate", "mutate_rule"]
