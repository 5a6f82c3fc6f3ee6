"""Regular expressions: always linear in the value's length, always about the whole value.

RE2 decides what a pattern may be and matches it. Patterns of the plainest form (characters and classes with counts,
alternatives of such), which Python's own engine cannot take badly either, are matched by that one, as it answers
several times faster.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from math import prod
from typing import Any

import re2

_ATOM = r"(?:[A-Za-z0-9 /:_,;-]|\\[.()\[\]/+*?-]|\[[A-Za-z0-9 /:_.,;()+*-]+\]|\[!-~\])"
_FIXED = rf"(?:{_ATOM}(?:\{{[0-9]{{1,4}}\}})?)"
_CHOICE = rf"\({_FIXED}+(?:\|{_FIXED}+)*\)\??"
_PLAIN = re.compile(rf"(?:{_ATOM}(?:[?+]|\{{[0-9]{{1,4}}(?:,[0-9]{{1,4}})?\}})?|{_CHOICE})+")
_CHOICES = re.compile(_CHOICE)
_VARYING = re.compile(r"(?<!\\)[?+]|\{[0-9]+,[0-9]+\}")
_CLASSES = re.compile(r"\[[^\]]*\]")
_WAYS = 64
"""Ways through the alternatives of a pattern, all of which Python's engine may try one after the other."""

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
    if _is_plain(pattern):
        return re.compile(pattern, re.ASCII).fullmatch
    return _whole(compiled.fullmatch)


def _is_plain(pattern: str) -> bool:
    """One varying count at most, and few ways through alternatives: matching takes that many times two passes."""
    if not _PLAIN.fullmatch(pattern):
        return False
    choices = _CHOICES.findall(pattern)
    ways = prod(choice.count("|") + 1 + choice.endswith("?") for choice in choices)
    return ways <= _WAYS and len(_VARYING.findall(_CLASSES.sub("c", _CHOICES.sub("c", pattern)))) <= 1


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
