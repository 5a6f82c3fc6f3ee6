"""Identifiers of customs: structure and check digits of EORI, MRN, GRN, UCR, container numbers, commodity codes.

All take the text as declared (no spaces removed, no case folded) and say whether it is well formed; whether a number
was ever issued is not their business.
"""

from __future__ import annotations

import re
from collections.abc import Callable

Check = Callable[[str], bool]

_CHECKED_CHARACTERS = {
    **{digit: int(digit) for digit in "0123456789"},
    # ISO 6346 numbers the letters from 10 and leaves out the multiples of 11
    **dict(zip("ABCDEFGHIJKLMNOPQRSTUVWXYZ", (n for n in range(10, 39) if n % 11), strict=True)),
}
_EORI = re.compile(r"(?!GB|XI)[A-Z]{2}[A-Za-z0-9]{1,15}|(?:GB|XI)[0-9]{12}(?:[0-9]{3})?")
# before 2025 numbers without the procedure letter at place 17 were issued
_OLDER_MRN = "(?:[01][0-9]|2[0-4])[A-Z]{2}[A-Z0-9]{13}[0-9]"
_SINCE_2024 = "(?:2[4-9]|[3-9][0-9])[A-Z]{2}[A-Z0-9]{12}"
_MRN = {
    "NCTS": re.compile(f"{_SINCE_2024}[J-M][0-9]|{_OLDER_MRN}"),
    "AES": re.compile(f"{_SINCE_2024}[A-E][0-9]|{_OLDER_MRN}"),
    "CDS": re.compile("[0-9]{2}GB[A-Z0-9]{13}[0-9]"),
    "": re.compile("[0-9]{2}[A-Z]{2}[A-Z0-9]{13}[0-9]"),
}
MRN_SYSTEMS = tuple(sorted(name for name in _MRN if name))
_GRN = re.compile(r"[0-9]{2}[A-Z]{2}[A-Z0-9]{12}[0-9](?:[A-Z][0-9]{6})?")
_CONTAINER = re.compile(r"[A-Z]{3}[UJZ][0-9]{7}")
_UCR = re.compile(r"[0-9][A-Z]{2}[A-Za-z0-9()/-]{1,32}")
_DUCR = re.compile(r"[0-9](?:GB|XI)[0-9]{12}(?:[0-9]{3})?-[A-Z0-9()/-]{1,19}")
_COMMODITY = re.compile(r"[0-9]{6}(?:[0-9]{2}){0,2}")
_UCR_LENGTH = 35


def check_digit(characters: str) -> int:
    """The check digit of ISO 6346 over any number of characters 0-9 A-Z, as containers, MRN and GRN use it."""
    total = sum(_CHECKED_CHARACTERS[character] << place for place, character in enumerate(characters))
    return total % 11 % 10


def _digit_holds(text: str) -> bool:
    return check_digit(text[:-1]) == int(text[-1])


def valid_eori(text: str) -> bool:
    """EORI: country code and up to 15 characters; GB and XI have 12 digits, 15 for groups (Regulation 2015/2446)."""
    return _EORI.fullmatch(text) is not None


def valid_mrn(text: str, system: str = "") -> bool:
    """MRN: 18 characters, the last a check digit of ISO 6346 (Regulation 2015/2446, Annex B, 12 01 001 000).

    `system` settles the structure: NCTS has the procedure letter J-M at place 17 from 2024 on, AES A-E (up to 2024
    the older form without it is accepted too), CDS the country GB; empty takes any structure.
    """
    pattern = _MRN.get(system)
    return pattern is not None and pattern.fullmatch(text) is not None and _digit_holds(text)


def valid_grn(text: str) -> bool:
    """GRN: 17 characters with a check digit of ISO 6346, 24 for vouchers (Regulation 2015/2447, guarantees)."""
    return _GRN.fullmatch(text) is not None and _digit_holds(text[:17])


def valid_container(text: str) -> bool:
    """Container number of ISO 6346: owner, category U, J or Z, six digits and the check digit."""
    return _CONTAINER.fullmatch(text) is not None and _digit_holds(text)


def valid_ucr(text: str) -> bool:
    """UCR (WCO recommendation): year digit, country, reference; at most 35 characters."""
    return len(text) <= _UCR_LENGTH and _UCR.fullmatch(text) is not None


def valid_ducr(text: str) -> bool:
    """DUCR (HMRC): year digit, GB or XI EORI, hyphen, up to 19 characters; at most 35 in all."""
    return len(text) <= _UCR_LENGTH and _DUCR.fullmatch(text) is not None


def valid_commodity(text: str) -> bool:
    """Commodity code: 6 (HS), 8 (CN) or 10 (TARIC) digits."""
    return _COMMODITY.fullmatch(text) is not None
