"""Regular expressions: always linear in the value's length, always about the whole value.

RE2 decides what a pattern may be and matches it. Patterns of the plainest form (characters and classes with counts),
which Python's own engine cannot take badly either, are matched by that one, as it answers several times faster.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import re2

_ATOM = r"(?:[A-Za-z0-9 /:_,;-]|\\[.()\[\]/+*?-]|\[[A-Za-z0-9 /:_.,;()+*-]+\])"
_PLAIN = re.compile(rf"(?:{_ATOM}(?:\?|\{{[0-9]{{1,4}}(?:,[0-9]{{1,4}})?\}})?)+")
_VARIABLE = re.compile(r"\?|\{[0-9]+,[0-9]+\}")

Matcher = Callable[[str], Any]
"""Takes a value; what it returns is None exactly where the value does not match."""


class PatternError(ValueError):
    """The pattern is not one that RE2 can compile."""


@lru_cache(maxsize=4096)
def matcher(pattern: str) -> Matcher:
    """A function that matches whole values; raises PatternError where RE2 refuses the pattern."""
    options = re2.Options()
    options.log_errors = False
    try:
        compiled = re2.compile(pattern, options)
    except UnicodeEncodeError:
        raise PatternError("it holds half a character") from None
    except re2.error as error:
        raise PatternError(_reason(error)) from None
    if _PLAIN.fullmatch(pattern) and len(_VARIABLE.findall(pattern)) <= 1:
        # one varying count at most: matching it never takes more than two passes over the value
        return re.compile(pattern, re.ASCII).fullmatch
    return _whole(compiled.fullmatch)


def _whole(fullmatch: Matcher) -> Matcher:
    def match(value: str) -> Any:
        try:
            return fullmatch(value)
        except UnicodeEncodeError:  # a lone surrogate is no character: no pattern matches it
            return None

    return match


def _reason(error: Exception) -> str:
    reason = error.args[0] if error.args else str(error)
    return reason.decode("utf-8", "replace") if isinstance(reason, bytes) else str(reason)
