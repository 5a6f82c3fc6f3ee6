"""Makes text harmless for the medium it goes to: terminal, XML, HTML, CSV, GitHub commands, SARIF
messages.
"""

from __future__ import annotations

import html
import re

_UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff"
    "\U000e0000-\U000e007f]"
)
_FORMULA = re.compile(r"\s*[=+\-@\uff1d\uff0b\uff0d\uff20\u2212|%]")
_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}


def visible(text: str) -> str:
    """One line without control, direction-changing or invisible characters: each is shown as an escape
    (`\\x1b`).
    """
    return text if text.isascii() and text.isprintable() else _UNSAFE.sub(_escape, text)


def _escape(match: re.Match[str]) -> str:
    character = match.group()
    if character in _SHORT:
        return _SHORT[character]
    number = ord(character)
    if number < 0x100:
        return f"\\x{number:02x}"
    return f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"


def for_markup(text: str) -> str:
    """Text for HTML and XML, in elements and in quoted attributes."""
    return html.escape(visible(text), quote=True)


def for_csv(text: str) -> str:
    """Text for a CSV cell that no spreadsheet takes for a formula: a leading apostrophe stops it."""
    shown = visible(text)
    return "'" + shown if _FORMULA.match(shown) or text[:1] in ("\t", "\r", "\n") else shown


def for_annotation(text: str) -> str:
    """A GitHub workflow command's message, or a line of its log: `##[` would be read as a command anywhere in it."""
    return visible(text).replace("%", "%25").replace("##[", "## [")


def for_annotation_property(text: str) -> str:
    """A property's value in a GitHub workflow command."""
    return for_annotation(text).replace(":", "%3A").replace(",", "%2C")


def for_sarif(text: str) -> str:
    """A plain SARIF message: what a viewer would take for an embedded link `[text](target)` is broken up."""
    return visible(text).replace("](", "] (")
