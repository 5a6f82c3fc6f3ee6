"""Dates and times as messages write them: patterns such as `yyMMddHHmm`, and UN/EDIFACT codes (2379)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from casrules.declaration.values import Read, is_day
from casrules.dictionary.values import Invalid

EDIFACT_FORMATS: Mapping[str, str] = MappingProxyType(
    {
        "101": "yyMMdd",
        "102": "yyyyMMdd",
        "201": "yyMMddHHmm",
        "203": "yyyyMMddHHmm",
        "204": "yyyyMMddHHmmss",
        "303": "yyyyMMddHHmmX",
        "304": "yyyyMMddHHmmssX",
    }
)
_FIELDS = {
    "yyyy": r"(?P<year>[0-9]{4})",
    "yy": r"(?P<short>[0-9]{2})",
    "MM": r"(?P<month>[0-9]{2})",
    "dd": r"(?P<day>[0-9]{2})",
    "HH": r"(?P<hour>[01][0-9]|2[0-3])",
    "mm": r"(?P<minute>[0-5][0-9])",
    "ss": r"(?P<second>[0-5][0-9])",
    "X": r"(?P<offset>Z|[+-][0-9]{2}(?::?[0-9]{2})?)?",
}
_TOKEN = re.compile("|".join([*_FIELDS, r"[-:T./ ]"]))


@dataclass(frozen=True)
class TimeFormat:
    """One written form of a date or of a date and time. Two-digit years are of this century."""

    text: str
    tokens: tuple[str, ...]
    pattern: re.Pattern[str]

    @property
    def has_time(self) -> bool:
        """Whether hours are written."""
        return "HH" in self.tokens

    def read(self, raw: str, with_time: bool) -> Read:
        """The ISO form of `raw`; `Invalid` where the form or the day does not fit."""
        match = self.pattern.fullmatch(raw)
        found = match.groupdict("") if match else {}
        year = found.get("year") or "20" + found.get("short", "")
        if match is None or not is_day(int(year), int(found["month"]), int(found["day"])):
            return Invalid(raw, f"a date as {self.text}" if not self.has_time else f"a date and time as {self.text}")
        day = f"{year}-{found['month']}-{found['day']}"
        if not with_time:
            return day
        second = found.get("second") or "00"
        return f"{day}T{found['hour']}:{found['minute']}:{second}{_iso_offset(found.get('offset', ''))}"

    def write(self, value: str, current: str | None) -> str:
        """`value` (ISO) in this form; what the form has beyond it is kept from `current`, else zero."""
        was = self.pattern.fullmatch(current) if current else None
        kept = was.groupdict("") if was else {}
        moment = value[11:]
        fields = {
            "yyyy": value[:4],
            "yy": value[2:4],
            "MM": value[5:7],
            "dd": value[8:10],
            "HH": moment[:2] or kept.get("hour") or "00",
            "mm": moment[3:5] or kept.get("minute") or "00",
            "ss": moment[6:8] or kept.get("second") or "00",
            "X": self._offset(moment[8:], kept.get("offset"), bool(moment)),
        }
        return "".join(fields.get(token, token) for token in self.tokens)

    def _offset(self, iso: str, kept: str | None, has_moment: bool) -> str:
        if not has_moment:
            return "Z" if kept is None else kept
        return iso[:3] if iso.endswith(":00") else iso.replace(":", "")


def time_format(text: str, whole: bool = True) -> TimeFormat:
    """The form named by a pattern or a UN/EDIFACT code; a piece of one where not `whole`.

    Raises ValueError for an unknown form, and for a whole form without a full date.
    """
    pattern = EDIFACT_FORMATS.get(text, text)
    tokens: list[str] = []
    at = 0
    while at < len(pattern):
        token = _TOKEN.match(pattern, at)
        if token is None:
            codes = ", ".join(EDIFACT_FORMATS)
            raise ValueError(f"unknown format {text!r}: use {', '.join(_FIELDS)} or one of the codes {codes}")
        tokens.append(token[0])
        at = token.end()
    fields = set(tokens)
    dated = {"MM", "dd"} <= fields and fields & {"yyyy", "yy"} and ("HH" in fields) == ("mm" in fields)
    if whole and not dated:
        raise ValueError(f"the format {text!r} must have year, month and day, and both hours and minutes or none")
    regex = "".join(_FIELDS.get(token, re.escape(token)) for token in tokens)
    return TimeFormat(pattern, tuple(tokens), re.compile(regex))


def _iso_offset(written: str) -> str:
    if written in ("", "Z"):
        return written
    digits = written[1:].replace(":", "")
    return f"{written[0]}{digits[:2]}:{digits[2:] or '00'}"
