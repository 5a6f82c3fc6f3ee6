"""Tells a schema's regular expression in words: "2 capital letters followed by 6 digits"."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

LONGEST_WORDS = 220
_QUANTITY = re.compile(r"\{(\d+)(?:(,)(\d*))?\}|[*+?]")
_RANGE = re.compile(r"\[(?:([0-9A-Za-z])-([0-9A-Za-z])|([0-9A-Za-z]))\]")
_CHOICE = re.compile(r"\[([0-9A-Za-z](?:\|?[0-9A-Za-z]){1,5})\]")
_ESCAPED = r"\.-/()[]{}+*?|^$\\"


@dataclass(frozen=True, slots=True)
class Piece:
    """Part of a pattern: characters of a class, a literal (`sign` without brackets) or a group."""

    sign: str
    least: int
    most: int | None
    group: tuple[tuple[Piece, ...], ...] = ()


Alternatives = tuple[tuple[Piece, ...], ...]


class _UnreadableError(Exception):
    """The pattern is beyond what is told in words."""


def words_of(patterns: Sequence[str], forms: Mapping[str, Any]) -> str | None:
    """What the value must be, as the end of a sentence ("is not 2 digits"), or None for an uncommon pattern.

    `patterns` are alternatives: one of them must fit.
    """
    whole = forms["patterns"].get("|".join(patterns))
    if whole is not None:
        return str(whole)
    try:
        told = [_alternatives(parse(pattern), forms["characters"]) for pattern in patterns]
    except _UnreadableError:
        return None
    words = ", or ".join(told)
    return f"is not {words}" if len(words) <= LONGEST_WORDS else None


def length_limits(patterns: Sequence[str]) -> tuple[int, int | None] | None:
    """Least and most characters, if the patterns say nothing but a length (`.{1,35}`)."""
    try:
        parsed = [branch for pattern in patterns for branch in parse(pattern)]
    except _UnreadableError:
        return None
    if len(parsed) == 1 and len(parsed[0]) == 1 and parsed[0][0].sign == "." and parsed[0][0].most != 1:
        return parsed[0][0].least, parsed[0][0].most
    return None


def number_range(patterns: Sequence[str]) -> tuple[int, int | None] | None:
    """Lowest and highest number, if the patterns are whole numbers in digits; None as highest: no end."""
    try:
        branches = [branch for pattern in patterns for branch in _spread(parse(pattern))]
        bounds = [_bounds(branch) for branch in branches]
    except _UnreadableError:
        return None
    highest = [high for _, high in bounds]
    top = None if None in highest else max(high for high in highest if high is not None)
    return min(low for low, _ in bounds), top


def parse(pattern: str) -> Alternatives:
    """The alternatives of a pattern; raises for what is not simple enough to be told."""
    branches, at = _parse_branches(pattern, 0)
    if at != len(pattern):
        raise _UnreadableError
    return branches


def _parse_branches(pattern: str, at: int) -> tuple[Alternatives, int]:
    branches: list[tuple[Piece, ...]] = []
    pieces: list[Piece] = []
    while at < len(pattern) and pattern[at] != ")":
        if pattern[at] == "|":
            branches.append(tuple(pieces))
            pieces, at = [], at + 1
            continue
        piece, at = _parse_piece(pattern, at)
        pieces.append(piece)
    return (*branches, tuple(pieces)), at


def _parse_piece(pattern: str, at: int) -> tuple[Piece, int]:
    sign = pattern[at]
    group: Alternatives = ()
    if sign == "(":
        group, at = _parse_branches(pattern, at + 1)
        if at >= len(pattern):
            raise _UnreadableError
        sign, at = "", at + 1
    elif sign == "[":
        end = pattern.find("]", at)
        if end < 0 or "\\p" in pattern[at:end].lower():
            raise _UnreadableError
        sign, at = pattern[at : end + 1], end + 1
    elif sign == "\\":
        sign = _escape(pattern[at + 1 : at + 2])
        at += 2
    elif sign in "*+?{}]^$":
        raise _UnreadableError
    else:
        at += 1
    least, most, at = _quantity(pattern, at)
    return Piece(sign, least, most, group), at


def _escape(following: str) -> str:
    if following == "d":
        return r"\d"
    if following and following in _ESCAPED:
        return following if following != "." else r"\."
    raise _UnreadableError


def _quantity(pattern: str, at: int) -> tuple[int, int | None, int]:
    match = _QUANTITY.match(pattern, at)
    if match is None:
        return 1, 1, at
    simple: dict[str, tuple[int, int | None]] = {"*": (0, None), "+": (1, None), "?": (0, 1)}
    if match[0] in simple:
        return (*simple[match[0]], match.end())
    least = int(match[1])
    if not match[2]:
        return least, least, match.end()
    return least, int(match[3]) if match[3] else None, match.end()


def _alternatives(branches: Alternatives, characters: Mapping[str, Sequence[str]]) -> str:
    interval = _digits_interval(branches)
    if interval and len(branches) > 1:
        return f"a number from {interval[0]} to {interval[1]}"
    return " or ".join(_sequence(branch, characters) for branch in branches)


def _sequence(branch: Sequence[Piece], characters: Mapping[str, Sequence[str]]) -> str:
    parts: list[str] = []
    literal = ""
    for piece in branch:
        if not piece.group and not piece.sign.startswith("[") and piece.sign not in (".", r"\d"):
            if (piece.least, piece.most) != (1, 1):
                raise _UnreadableError
            literal += piece.sign.removeprefix("\\")
            continue
        if literal:
            parts.append(f"'{literal}'")
            literal = ""
        parts.append(_piece(piece, characters))
    if literal:
        parts.append(f"'{literal}'")
    if not parts:
        raise _UnreadableError
    if len(parts) == 2:
        return f"{parts[0]} followed by {parts[1]}"
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def _piece(piece: Piece, characters: Mapping[str, Sequence[str]]) -> str:
    if piece.group:
        inner = _alternatives(piece.group, characters)
        if (piece.least, piece.most) == (1, 1):
            return inner
        if (piece.least, piece.most) == (0, 1):
            return f"optionally {inner}"
        if len(piece.group) == 1 and len(piece.group[0]) == 1:
            only = piece.group[0][0]
            return _piece(Piece(only.sign, piece.least, piece.most), characters)
        raise _UnreadableError
    one, many = _names(piece.sign, characters)
    if piece.least == piece.most == 1:
        return f"{'an' if one[0] in 'aeiou' else 'a'} {one}" if one[0].islower() else one
    if piece.least == piece.most:
        return f"{piece.least} {many}"
    if piece.most is None:
        return f"{piece.least} or more {many}" if piece.least > 1 else many
    if (piece.least, piece.most) == (0, 1):
        return f"an optional {one}"
    return f"at most {piece.most} {many}" if piece.least == 0 else f"{piece.least} to {piece.most} {many}"


def _names(sign: str, characters: Mapping[str, Sequence[str]]) -> tuple[str, str]:
    known = characters.get(sign)
    if known:
        return known[0], known[1]
    interval = _RANGE.fullmatch(sign)
    if interval and interval[3]:
        return f"'{interval[3]}'", f"times '{interval[3]}'"
    if interval:
        what = "digit" if interval[1].isdigit() else "letter"
        return f"{what} from {interval[1]} to {interval[2]}", f"{what}s from {interval[1]} to {interval[2]}"
    choice = _CHOICE.fullmatch(sign)
    if choice:
        told = " or ".join(f"'{one}'" for one in choice[1] if one != "|")
        return told, told
    raise _UnreadableError


def _digit_span(sign: str) -> tuple[str, str]:
    """Lowest and highest digit that a piece stands for."""
    if sign == r"\d":
        return "0", "9"
    if len(sign) == 1 and sign.isdigit():
        return sign, sign
    interval = _RANGE.fullmatch(sign)
    low, high = (interval[1] or interval[3], interval[2] or interval[3]) if interval else ("", "")
    if not (low.isdigit() and high.isdigit()):
        raise _UnreadableError
    return low, high


def _bounds(branch: Sequence[Piece]) -> tuple[int, int | None]:
    low, high, open_end = "", "", False
    for piece in branch:
        least, most = _digit_span(piece.sign)
        low += least * piece.least
        high += most * (piece.most if piece.most is not None else 0)
        open_end = open_end or piece.most is None
    if not branch or not (low or high):
        raise _UnreadableError
    return int(low or "0"), None if open_end else int(high or "0")


def _spread(branches: Alternatives) -> Alternatives:
    """Alternatives of a lone group as alternatives of the whole."""
    if len(branches) == 1 and len(branches[0]) == 1 and branches[0][0].group:
        piece = branches[0][0]
        if (piece.least, piece.most) == (1, 1):
            return piece.group
    return branches


def _digits_interval(branches: Alternatives) -> tuple[str, str] | None:
    """First and last number, if the branches are digits of one length without a gap: `[0-1][0-9]|2[0-4]`."""
    spans: list[tuple[str, str]] = []
    try:
        for branch in branches:
            digits = [_digit_span(piece.sign) for piece in branch for _ in range(piece.least)]
            if any(piece.least != piece.most for piece in branch):
                return None
            spans.append(("".join(low for low, _ in digits), "".join(high for _, high in digits)))
    except _UnreadableError:
        return None
    spans.sort()
    lengths = {len(end) for span in spans for end in span}
    if len(lengths) != 1 or 0 in lengths:
        return None
    follows = all(int(one[1]) + 1 == int(two[0]) for one, two in pairwise(spans))
    return (spans[0][0], spans[-1][1]) if follows else None
