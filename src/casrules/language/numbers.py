"""Exact arithmetic: one decimal context for all readings, whatever context the caller's thread has."""

from __future__ import annotations

from decimal import (
    MAX_EMAX,
    MIN_EMIN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    Context,
    Decimal,
    DivisionByZero,
    InvalidOperation,
)

Number = int | Decimal

EXACT = Context(
    prec=60,
    rounding=ROUND_HALF_EVEN,
    Emin=MIN_EMIN,
    Emax=MAX_EMAX,
    traps=[InvalidOperation, DivisionByZero],
)
"""Sums, differences and products are exact up to 60 digits; quotients are rounded to 60, half to even."""


def divide(dividend: Number, divisor: Number) -> Decimal | None:
    """The quotient, None (unknown) for a zero divisor."""
    return EXACT.divide(dividend, divisor) if divisor else None


def rounded(number: Number, places: int) -> Decimal | None:
    """`number` at `places` decimals, half away from zero as customs values are; None beyond 60 digits."""
    try:
        return Decimal(number).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP, EXACT)
    except InvalidOperation:
        return None


def within(left: Number, right: Number, tolerance: Number) -> bool:
    """The two differ by at most `tolerance`."""
    return bool(-tolerance <= left - right <= tolerance)
