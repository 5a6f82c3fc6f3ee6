"""Patterns over paths and rule ids, for suppressions and selections.

`*` stands for any text within one step, `**` for any number of steps. A step without brackets matches the
step with any selector: `items.gross_mass` matches `items[number=3].gross_mass`; `items[number=3].**` matches
what is in item 3.
"""

from __future__ import annotations

from functools import lru_cache

Step = tuple[str, str | None]


def matches_path(pattern: str, path: str) -> bool:
    """True where the whole path is matched by the pattern."""
    steps = path_steps(path)
    rows = [True, *[False] * len(steps)]
    for name, selector in path_steps(pattern):
        if (name, selector) == ("**", None):
            reached = False
            for column, now in enumerate(rows):
                reached = reached or now
                rows[column] = reached
            continue
        matched = [
            before and matches_text(name, step[0]) and (selector is None or _selects(selector, step[1]))
            for before, step in zip(rows, steps, strict=False)
        ]
        rows = [False, *matched]
    return rows[-1]


def _selects(pattern: str, selector: str | None) -> bool:
    return selector is not None and matches_text(pattern, selector)


def matches_text(pattern: str, text: str) -> bool:
    """Whole-text match where `*` stands for any characters; no other character is special. Case counts.

    Linear in practice: only the last star is ever retried.
    """
    at, star, retry, place = 0, -1, 0, 0
    while place < len(text):
        if at < len(pattern) and pattern[at] == "*":
            star, retry = at, place
            at += 1
        elif at < len(pattern) and pattern[at] == text[place]:
            at, place = at + 1, place + 1
        elif star >= 0:
            retry += 1
            at, place = star + 1, retry
        else:
            return False
    return all(character == "*" for character in pattern[at:])


@lru_cache(maxsize=4096)
def path_steps(path: str) -> tuple[Step, ...]:
    """The steps of a path: names with the text in their brackets; dots and brackets inside quotes are
    text.
    """
    steps: list[Step] = []
    name: list[str] = []
    selector: list[str] | None = None
    inside = quoted = escaped = False
    for character in path:
        if inside and selector is not None:
            if not quoted and character == "]":
                inside = False
                continue
            if character == '"' and not escaped:
                quoted = not quoted
            escaped = quoted and character == "\\" and not escaped
            selector.append(character)
        elif character == "[" and selector is None:
            selector, inside = [], True
        elif character == ".":
            steps.append(("".join(name), None if selector is None else "".join(selector)))
            name, selector = [], None
        else:
            name.append(character)
    steps.append(("".join(name), None if selector is None else "".join(selector)))
    return tuple(steps)
