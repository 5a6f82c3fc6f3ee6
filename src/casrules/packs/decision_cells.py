"""Cells of decision tables: a short test of one value, as an expression of the rule language and as a set of values.

| cell | means |
|---|---|
| empty or `-` | anything |
| `A`, `A\\|B`, `not A\\|B` | the text is (not) one of these; quote a text that looks like another form: `"present"` |
| `8471*`, `not 8471*` | the text begins (does not begin) so |
| `= 5`, `>= 5`, `< 2025-01-21`, `5..10` | a number or a date compared; `..` includes both ends |
| `present`, `missing` | the value, or the list, is (not) there |
| `true`, `false` | the flag or the condition holds, or does not |
| `listed CL010`, `not listed CL010` | the code is (not) in a code list |
| `matches [A-Z]{2}` | the whole text matches a pattern |
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

ANY: Final = frozenset({"", "-"})
_COMPARISON = re.compile(r"(?P<operator>=|<=|>=|<|>)\s*(?P<bound>\S+)")
_RANGE = re.compile(r"(?P<low>\S+?)\s*\.\.\s*(?P<high>\S+)")
_LISTED = re.compile(r"(?P<negated>not\s+)?listed\s+(?P<name>\S+)")
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_PREFIX = re.compile(r"""(?P<negated>not\s+)?(?P<start>[^|"'=<>*\s]+)\*""")
_PLAIN = re.compile(r"""[^|"'=<>]+""")

Bound = Decimal | str
"""A number, or a date as YYYY-MM-DD."""


@dataclass(frozen=True, slots=True)
class Texts:
    """One of these texts; with `negated` any other text."""

    texts: frozenset[str]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Interval:
    """Numbers or dates between two bounds; None = unbounded."""

    low: Bound | None = None
    high: Bound | None = None
    low_included: bool = True
    high_included: bool = True


@dataclass(frozen=True, slots=True)
class Presence:
    """The value is there, or is not."""

    present: bool


@dataclass(frozen=True, slots=True)
class Opaque:
    """A test of which only its outcome is known: `listed`, `matches`, a flag."""

    test: str
    outcome: bool = True


@dataclass(frozen=True, slots=True)
class Prefix(Opaque):
    """The text begins with `start`, or with `outcome` False does not."""

    start: str = ""


Test = Texts | Interval | Presence | Opaque


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell read: the expression it stands for, and the values that pass."""

    expression: str
    test: Test


def read_cell(text: str | None, path: str) -> Cell | None:
    """The cell of a column about `path`; None where it says nothing. Raises ValueError for what is no cell."""
    written = (text or "").strip()
    if written in ANY:
        return None
    if written in {"present", "missing"}:
        return Cell(f"{written}({path})", Presence(written == "present"))
    if written in {"true", "false"}:
        return Cell(path if written == "true" else f"not {path}", Opaque("", written == "true"))
    if found := _LISTED.fullmatch(written):
        test = f"listed({path}, {quoted(found['name'])})"
        return _opaque(test, not found["negated"])
    if written.startswith("matches "):
        return _opaque(f"matches({path}, {quoted(written.removeprefix('matches ').strip())})", True)
    if found := _PREFIX.fullmatch(written):
        test, outcome = f"startswith({path}, {quoted(found['start'])})", not found["negated"]
        return Cell(test if outcome else f"not {test}", Prefix(test, outcome, found["start"]))
    if found := _COMPARISON.fullmatch(written):
        return _comparison(path, found["operator"], found["bound"])
    if (found := _RANGE.fullmatch(written)) and _bound(found["low"]) and _bound(found["high"]):
        return _range(path, found["low"], found["high"])
    return _texts(path, written)


def exact_cell(value: str, kind: str = "text") -> str | None:
    """The cell that only `value`, as text, passes; `kind` is the element's type. None where no cell can say it."""
    if kind in {"decimal", "integer", "date"}:
        return f"= {value}" if _bound(value) is not None else None
    if kind == "flag":
        return value if value in {"true", "false"} else None
    for written in (value, f'"{value}"', f"'{value}'"):
        try:
            found = read_cell(written, "x")
        except ValueError:
            continue
        if found is not None and found.test == Texts(frozenset({value})):
            return written
    return None


def _opaque(test: str, outcome: bool) -> Cell:
    return Cell(test if outcome else f"not {test}", Opaque(test, outcome))


def _comparison(path: str, operator: str, written: str) -> Cell:
    bound = _bound(written)
    if bound is None:
        raise ValueError(f"{written!r} is neither a number nor a date")
    symbol = "==" if operator == "=" else operator
    included = operator in {"=", "<=", ">="}
    low = bound if operator in {"=", ">", ">="} else None
    high = bound if operator in {"=", "<", "<="} else None
    return Cell(f"{path} {symbol} {_literal(written)}", Interval(low, high, included, included))


def _range(path: str, low: str, high: str) -> Cell:
    first, last = _bound(low), _bound(high)
    if isinstance(first, Decimal) != isinstance(last, Decimal):
        raise ValueError(f"{low}..{high} goes from a number to a date")
    if first is not None and last is not None and _key(last) < _key(first):
        raise ValueError(f"{low}..{high} ends before it begins")
    return Cell(f"{_literal(low)} <= {path} <= {_literal(high)}", Interval(first, last))


def _key(bound: Bound) -> tuple[Decimal, str]:
    return (bound, "") if isinstance(bound, Decimal) else (Decimal(0), bound)


def _texts(path: str, written: str) -> Cell:
    negated = written.startswith("not ")
    texts = [_text(part) for part in _split(written.removeprefix("not ").strip())]
    if len(set(texts)) < len(texts):
        raise ValueError(f"{written!r} names a text twice")
    if len(texts) == 1:
        expression = f"{path} {'!=' if negated else '=='} {quoted(texts[0])}"
    else:
        options = ", ".join(quoted(text) for text in texts)
        expression = f"{path} {'not in' if negated else 'in'} {{{options}}}"
    return Cell(expression, Texts(frozenset(texts), negated))


def _split(written: str) -> list[str]:
    """The alternatives; a `|` in quotes separates nothing."""
    return [part.strip() for part in re.findall(r"""(?:"[^"]*"|'[^']*'|[^|"'])+|(?<=\|)(?=\||$)""", written)] or [""]


def _text(part: str) -> str:
    if len(part) > 1 and part[0] == part[-1] and part[0] in "\"'":
        return part[1:-1]
    if not part or not _PLAIN.fullmatch(part):
        raise ValueError(f"{part!r} is not a cell: write a text, A|B, >= 5, present, listed CL010 or `-`")
    return part


def quoted(text: str) -> str:
    """A text as the rule language writes it; ValueError for one that has both kinds of quotes."""
    if '"' not in text:
        return f'"{text}"'
    if "'" in text:
        raise ValueError(f"{text!r} has both kinds of quotes")
    return f"'{text}'"


def _bound(written: str) -> Bound | None:
    if _NUMBER.fullmatch(written):
        return Decimal(written)
    return written if _DATE.fullmatch(written) else None


def _literal(written: str) -> str:
    return f'date("{written}")' if _DATE.fullmatch(written) else written
