"""The floors and limits of mining: every threshold in one place."""

from __future__ import annotations

from pydantic import Field

from casrules.findings.frozen import Frozen


class Settings(Frozen):
    """What a suggestion must reach, and how far the search goes.

    The defaults are the ones measured on seeded histories; `precision` and `bound` should be derived again
    from the rate of amended declarations of a real customer.
    """

    min_fixes: int = Field(default=10, ge=1)
    """Fixes (accepted messages in which people did just this) that a suggestion rests on."""
    min_days: int = Field(default=2, ge=1)
    """Different days on which these fixes were made: those of one batch are one observation."""
    precision: float = Field(default=0.80, ge=0, le=1)
    """Smallest share of right changes among all changes the rule would have made."""
    bound: float = Field(default=0.70, ge=0, le=1)
    """Smallest one-sided 90 % Wilson lower bound of that share."""
    near_miss: float = Field(default=0.65, ge=0, le=1)
    """Share from which a rule below the floor is reported as a near-miss."""
    margin: float = Field(default=5.0, ge=0)
    """Nats by which a condition, a date, an exception and a rule must pay beyond their description."""
    beam_width: int = Field(default=24, ge=1)
    """Nodes kept at each depth of the search."""
    depth: int = Field(default=4, ge=1, le=6)
    """Largest number of positive conditions."""
    max_exceptions: int = Field(default=2, ge=0, le=4)
    """Largest number of exceptions (negated values)."""
    candidates: int = Field(default=60, ge=1)
    """Candidates of one search round that are examined one by one."""
    rounds: int = Field(default=40, ge=1)
    """Rules of one action at most."""
    sample: int = Field(default=20_000, ge=1_000)
    """Counter-examples of one node that are looked at while searching; decisions use all of them."""
    list_fixes: int = Field(default=4, ge=1)
    """Fixes that a further value of a list needs."""
    one_child: float = Field(default=0.97, ge=0.5, le=1)
    """Share of the fixes below one child from which a prefix is deepened."""
    reference_agreement: float = Field(default=0.90, ge=0.5, le=1)
    """Share of equal references from which they are a constant or a look-up."""
    holdout: float = Field(default=0.25, ge=0, lt=1)
    """Last part of the history, by time, that the backtest of each suggestion keeps apart; 0 for none."""
    months: int = Field(default=6, ge=1)
    """Last months from which the expected number of prevented alerts is taken."""
    examples: int = Field(default=3, ge=0)
    """Examples and tests of each kind that a suggestion carries."""
