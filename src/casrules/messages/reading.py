"""Bytes → a parsed tree, or a finding that says why not. Never raises for what the bytes hold.

Everything dangerous is refused before it can act: a DOCTYPE before the parser sees it, size, width and depth
before the schema does. The parser object is always our own: another library may have replaced lxml's default.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from lxml import etree

from casrules.errors import UsageError
from casrules.limits import DEFAULT_LIMITS, Limits
from casrules.messages.decoding import decode, misfit
from casrules.messages.faults import FaultTexts, Spot, TechnicalFault, shipped_texts
from casrules.messages.locating import Places
from casrules.messages.recognition import has_document_type, has_long_run, outline, what_is

DEEPEST_OF_PARSER = 256
USUAL_DEPTH = 16
WIDEST_CHARACTER = 4
LONGEST_TAG = 1_024
_CUT_OFF = frozenset({
    "ERR_TAG_NOT_FINISHED", "ERR_GT_REQUIRED", "ERR_ATTRIBUTE_NOT_FINISHED", "ERR_COMMENT_NOT_FINISHED",
    "ERR_CDATA_NOT_FINISHED", "ERR_PI_NOT_FINISHED", "ERR_SPACE_REQUIRED", "ERR_ATTRIBUTE_NOT_STARTED",
    "ERR_LT_REQUIRED", "ERR_EQUAL_REQUIRED", "ERR_ATTRIBUTE_WITHOUT_VALUE", "ERR_NAME_REQUIRED",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Intake:
    """What reading gave: the tree if there is one, and the faults of the form.

    `source` are the bytes as they came, `text` the same as UTF-8 without byte order mark, `encoding` what
    they were in, `elements` about how many elements there are.
    A tree together with an error means: readable for us, but refused by others (text after the end, say).
    """

    source: bytes
    text: bytes
    encoding: str
    tree: etree._ElementTree | None = None
    faults: tuple[TechnicalFault, ...] = ()
    elements: int = 0
    limits: Limits = field(default=DEFAULT_LIMITS, repr=False)

    def places(self, prefixes: Mapping[str, str] | None = None) -> Places:
        """The finder of XPaths and lines; `prefixes` are those of the family's manifest. Needs a tree."""
        if self.tree is None:
            raise UsageError("a message that cannot be parsed has no places")
        return Places(self.tree, self.text, dict(prefixes or {}))

    @property
    def is_refused(self) -> bool:
        """True if a fault of the form is an error, tree or not."""
        return any(fault.severity == "error" for fault in self.faults)


def read(source: bytes, limits: Limits = DEFAULT_LIMITS, texts: FaultTexts | None = None) -> Intake:
    """Read one message. Raises UsageError only if `source` is not bytes."""
    if not isinstance(source, bytes | bytearray | memoryview):
        raise UsageError(f"a message is bytes, not {type(source).__name__}", remedy="open the file in binary mode")
    source = bytes(source)
    texts = texts or shipped_texts()
    fault = _refusal(source, limits, texts)
    if fault:
        return Intake(source, b"", "", faults=(fault,), limits=limits)
    decoded = decode(source, texts)
    text, faults = decoded.text, decoded.faults
    if text is None:
        return Intake(source, b"", decoded.encoding, faults=faults, limits=limits)
    marks = Marks.of(text)
    tree, found = _tree_of(text, marks, limits, texts)
    elements = marks.tags // 2 + 1 if tree is not None else 0
    return Intake(source, text, decoded.encoding, tree, (*faults, *found), elements, limits)


def hardened_parser(**more: Any) -> etree.XMLParser:
    """A parser that resolves nothing and fetches nothing, for UTF-8."""
    settings: dict[str, Any] = {
        "encoding": "utf-8", "resolve_entities": False, "no_network": True, "load_dtd": False,
        "dtd_validation": False, "attribute_defaults": False, "huge_tree": False, "recover": False,
        "remove_blank_text": False, "strip_cdata": False, "collect_ids": False,
    }  # fmt: skip
    return etree.XMLParser(**(settings | more))


def _refusal(source: bytes, limits: Limits, texts: FaultTexts) -> TechnicalFault | None:
    """What forbids looking further, from the raw bytes."""
    if len(source) > limits.message_bytes:
        return texts.fault("too_big", limit=str(limits.message_bytes), count=len(source))
    if not source or source.isspace():
        return texts.fault("empty_message")
    return None


Parsed = tuple[etree._ElementTree | None, tuple[TechnicalFault, ...]]


@dataclass(frozen=True, slots=True)
class Marks:
    """What is counted in the bytes once: `<`, `=`, and whether there is no comment, instruction or CDATA section."""

    tags: int
    equals: int
    is_plain: bool

    @classmethod
    def of(cls, text: bytes) -> Marks:
        """Count them in `text`."""
        return cls(text.count(b"<"), text.count(b"="), _is_plain(text))


def _tree_of(text: bytes, marks: Marks, limits: Limits, texts: FaultTexts) -> Parsed:
    fault = _forbidden(text, marks, limits, texts)
    if fault:
        return None, (fault,)
    tree, errors = _parse(text, marks)
    if tree is None:
        return _broken(text, errors, limits, texts)
    fault = _too_large(tree, text, marks, limits, texts)
    return (None, (fault,)) if fault else (tree, ())


def _forbidden(text: bytes, marks: Marks, limits: Limits, texts: FaultTexts) -> TechnicalFault | None:
    """Checks on the UTF-8 bytes, before any parser: all linear and without copies."""
    what = what_is(text)
    if what:
        return texts.fault("not_xml", Spot(line=1), what=what)
    nul = text.find(b"\x00")
    if nul >= 0:
        return texts.fault("nul_bytes", Spot(line=text.count(b"\n", 0, nul) + 1))
    if has_document_type(text):
        return texts.fault("document_type", Spot(line=1))
    # Comments and instructions are counted with the elements: they are nodes of the tree just the same.
    tags = marks.tags
    if tags > limits.message_elements and tags - text.count(b"</") > limits.message_elements:
        return texts.fault("too_many_elements", limit=str(limits.message_elements))
    if marks.equals > limits.message_elements:
        return texts.fault("too_many_attributes", limit=str(limits.attributes_per_element))
    if has_long_run(text, limits.text_characters * WIDEST_CHARACTER + LONGEST_TAG):
        return texts.fault("text_too_long", limit=str(limits.text_characters))
    return None


def _parse(text: bytes, marks: Marks) -> tuple[etree._ElementTree | None, Sequence[etree._LogEntry]]:
    # Without the text nodes of the indentation every later stage has half as many nodes to pass.
    parser = hardened_parser(remove_blank_text=marks.is_plain)
    try:
        return etree.fromstring(text, parser).getroottree(), ()
    except etree.XMLSyntaxError:
        return None, tuple(parser.error_log)


def _is_plain(text: bytes) -> bool:
    """True without comments, instructions and CDATA sections, beside which blanks can be a part of a value."""
    # One byte is found much faster than two; the XML declaration has one of its own.
    start = max(text.find(b"?>"), 0) + 2 if text.startswith(b"<?xml") else 1
    return not any(text.find(mark[1:], start) >= 0 and text.find(mark, 1) >= 0 for mark in (b"<!", b"<?"))


_UNUSUALLY_DEEP = etree.XPath(f"boolean(/self::node()[/descendant::*/ancestor::*[{USUAL_DEPTH}]])")
"""Cheaper than going down level by level, as long as there is not much to go up; as a predicate it ends at once."""


@cache
def _deeper_than(depth: int) -> etree.XPath:
    return etree.XPath(f"boolean({'/*' * (depth + 1)})")


@cache
def _wider_than(attributes: int) -> etree.XPath:
    return etree.XPath(f"boolean(/descendant::*/@*[{attributes + 1}])")


@cache
def _longer_than(characters: int) -> etree.XPath:
    return etree.XPath(f"boolean(/descendant::*[(text()|@*)[string-length() > {characters}]])")


def _too_large(
    tree: etree._ElementTree, text: bytes, marks: Marks, limits: Limits, texts: FaultTexts
) -> TechnicalFault | None:
    if tree.docinfo.internalDTD is not None:
        return texts.fault("document_type", Spot(line=1))
    may_be_deep = limits.message_depth < USUAL_DEPTH or _UNUSUALLY_DEEP(tree)
    if may_be_deep and _deeper_than(limits.message_depth)(tree):
        return texts.fault("too_deep", limit=str(limits.message_depth))
    if marks.equals > limits.attributes_per_element and _wider_than(limits.attributes_per_element)(tree):
        return texts.fault("too_many_attributes", limit=str(limits.attributes_per_element))
    longest = limits.text_characters
    may_be_long = len(text) > longest and (not marks.is_plain or has_long_run(text, longest))
    if may_be_long and _longer_than(longest)(tree):
        return texts.fault("text_too_long", limit=str(limits.text_characters))
    return None


def _broken(text: bytes, errors: Sequence[etree._LogEntry], limits: Limits, texts: FaultTexts) -> Parsed:
    """What the parser's first error means to the person who made the message."""
    first = next((error for error in errors if error.level_name != "WARNING"), None)
    if first is None:
        return None, (_syntax_fault("other", Spot(line=1), "", texts),)
    if first.type_name in ("ERR_INVALID_ENCODING", "I18N_CONV_FAILED", "ERR_UNKNOWN_ENCODING"):
        return None, (misfit(text, "utf-8", texts),)
    if first.type_name == "ERR_RESOURCE_LIMIT" and "depth" in first.message:
        return None, (texts.fault("too_deep", limit=str(min(limits.message_depth, DEEPEST_OF_PARSER))),)
    spot = Spot(line=first.line, column=first.column or None)
    if first.type_name in ("ERR_DOCUMENT_END", "ERR_RESERVED_XML_NAME"):
        read_in_part = _first_document(text, spot, limits, texts)
        if read_in_part:
            return read_in_part
    last_line = text.rstrip().count(b"\n") + 1
    if first.type_name in _CUT_OFF and first.line >= last_line:
        still_open = outline(text).still_open
        if still_open:
            return None, (texts.fault("truncated", spot, open=f"<{still_open[-1]}>"),)
    return None, (_syntax_fault(first.type_name, spot, first.message, texts),)


def _first_document(text: bytes, spot: Spot, limits: Limits, texts: FaultTexts) -> Parsed | None:
    """Text follows the root element: read what stands before it, and report the rest."""
    end = outline(text).root_end
    if not end:
        return None
    marks = Marks.of(text[:end])
    tree, _ = _parse(text[:end], marks)
    if tree is None:
        return None
    fault = texts.fault("trailing_text", spot)
    too_large = _too_large(tree, text, marks, limits, texts)
    return (None, (fault, too_large)) if too_large else (tree, (fault,))


def _syntax_fault(name: str, spot: Spot, message: str, texts: FaultTexts) -> TechnicalFault:
    entry = texts.syntax.get(name) or texts.syntax["other"]
    found = re.search(entry["find"], message) if "find" in entry else None
    if "find" in entry and not found:
        entry = texts.syntax["other"]
    problem = entry["problem"].format_map(found.groupdict() if found else {})
    return texts.fault(entry.get("kind", "not_well_formed"), spot, problem=problem)
