"""Checks of values that answers quote: what exactly is wrong with one, and which digit would be right."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Literal

from casrules.language.checks import check_digit

Examined = Literal["", "container"]
_LENGTH = 11


def examine(kind: Examined, value: str) -> str:
    """What is wrong with `value` as a text of this kind; empty where nothing is, or where it is blank."""
    return _KINDS[kind](value.strip()) if kind and value.strip() else ""


def _container(value: str) -> str:
    """ISO 6346: three letters of the owner, U, J or Z, six digits, check digit."""
    plain = re.sub(r"[\s./-]", "", value).upper()
    found = re.fullmatch(r"([A-Z]{3})([A-Z])([0-9]{6})([0-9])?", plain)
    if found is None:
        return f"{value!r} has not the form of a container number: three letters, U, J or Z, six digits, a check digit."
    told: list[str] = []
    if plain != value:
        told.append(f"{value!r} should be written without blanks, marks and small letters: {plain}.")
    if found[2] not in "UJZ":
        told.append(f"The fourth character of {plain} is {found[2]}; it must be U (container), J or Z.")
    digit = check_digit(plain[: _LENGTH - 1])
    if found[4] is None:
        told.append(f"The check digit is missing: {plain}{digit} would be right.")
    elif int(found[4]) != digit:
        last = f"The last digit of {plain} is {found[4]}; by ISO 6346 it would be {digit}"
        told.append(f"{last} if all the other characters are right.")
    return " ".join(told)


_KINDS: Mapping[str, Callable[[str], str]] = MappingProxyType({"container": _container})
