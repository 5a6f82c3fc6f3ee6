"""Semantic versions of packs, and ranges of them: `1.2`, `1.2.3`, `2.0.0-rc.1`; `>=1.2, <2`."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

VERSION_PATTERN: Final = r"(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)(\.(0|[1-9][0-9]*))?(-[0-9A-Za-z]+(\.[0-9A-Za-z]+)*)?"
_VERSION = re.compile(VERSION_PATTERN)
_TERM = re.compile(rf"(?P<operator>>=|<=|==|>|<)\s*(?P<version>{VERSION_PATTERN}|(0|[1-9][0-9]*))")


@dataclass(frozen=True, slots=True, order=True)
class Version:
    """A semantic version; a missing third number is 0, and a pre-release comes before its release.

    `stage` is (1,) for a release, else (0, parts of the pre-release), numbers before words.
    """

    numbers: tuple[int, int, int]
    stage: tuple[object, ...] = (1,)

    @classmethod
    def parse(cls, text: str) -> Version:
        """Read a version; raises ValueError for anything else."""
        found = _VERSION.fullmatch(text.strip())
        if found is None:
            raise ValueError(f"{text!r} is not a version: write 1.2 or 1.2.3")
        stage: tuple[object, ...] = (1,)
        if found[5]:
            parts = found[5][1:].split(".")
            stage = (0, *((0, int(part), "") if part.isdigit() else (1, 0, part) for part in parts))
        return cls((int(found[1]), int(found[2]), int(found[4] or 0)), stage)


_COMPARE: Final[dict[str, Callable[[Version, Version], bool]]] = {
    ">=": operator.ge, "<=": operator.le, "==": operator.eq, ">": operator.gt, "<": operator.lt,
}  # fmt: skip


def within(version: str, allowed: str) -> bool:
    """Whether a version is in a range of terms joined by commas; the empty range holds every version.

    Raises ValueError where version or range cannot be read.
    """
    own = Version.parse(version)
    terms = [term.strip() for term in allowed.split(",")] if allowed.strip() else []
    held = [_holds(own, term) for term in terms]
    return all(held)


def _holds(version: Version, term: str) -> bool:
    found = _TERM.fullmatch(term)
    if found is None:
        raise ValueError(f"{term!r} is not a range of versions: write >=1.2 or >=1.2, <2")
    bound = found["version"]
    return _COMPARE[found["operator"]](version, Version.parse(bound if "." in bound else f"{bound}.0"))
