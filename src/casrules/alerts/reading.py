"""Bytes of an answer → a plain tree, whatever format they are in; what cannot be read says why."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Literal

from casrules.alerts.nodes import Node, from_json, from_xml
from casrules.alerts.shape_models import Format
from casrules.limits import Limits
from casrules.messages.reading import read

DEEPEST_JSON = 100
SHOWN_NAMESPACES = 50
Kind = Literal["xml", "json", "edifact", "record", "unknown"]


@dataclass(frozen=True, slots=True)
class Readable:
    """An answer as far as it can be read: its format, its tree (None: `problem` says why), its text, its namespaces."""

    format: Format
    text: str
    tree: Node | None = None
    problem: str = ""
    line: int | None = None
    namespaces: str = ""

    @property
    def kind(self) -> Kind:
        """The format as a report names it."""
        return "unknown" if self.format == "text" else self.format


def read_answer(content: bytes, limits: Limits) -> Readable:
    """Read an answer: XML and JSON as what they are, anything else as text."""
    start = content[:64].lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if start in (b"{", b"["):
        return _json(content, limits)
    if start == b"<" or b"\x00" in content[:4] or content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return _xml(content, limits)
    return _text(content, limits)


def _xml(content: bytes, limits: Limits) -> Readable:
    intake = read(content, limits)
    text = (intake.text or content).decode("utf-8", "replace")
    if intake.tree is None:
        fault = next((one for one in intake.faults if one.severity == "error"), None)
        problem = fault.text if fault else "it is no XML"
        return Readable("xml", text, problem=problem, line=fault.line if fault else None)
    root = intake.tree.getroot()
    names = {uri for element in (root, *list(root)[:SHOWN_NAMESPACES]) for uri in element.nsmap.values() if uri}
    return Readable("xml", text, from_xml(root), namespaces=" ".join(sorted(names)))


def _json(content: bytes, limits: Limits) -> Readable:
    text = content.decode("utf-8-sig", "replace")
    if len(content) > limits.message_bytes:
        return Readable("json", text, problem=f"it has more than {limits.message_bytes:,} bytes.")
    try:
        value = json.loads(text, parse_int=str, parse_float=str)
    except (ValueError, RecursionError) as error:
        return Readable("json", text, problem=f"it is no JSON ({error}).")
    if _depth(value) > DEEPEST_JSON:
        return Readable("json", text, problem="it is nested too deeply.")
    return Readable("json", text, from_json(value))


def _depth(value: object) -> int:
    depth, level = 0, [value]
    while level and depth <= DEEPEST_JSON:
        depth += 1
        level = [
            below
            for one in level
            if isinstance(one, (dict, list))
            for below in (one.values() if isinstance(one, dict) else one)
        ]
    return depth


def _text(content: bytes, limits: Limits) -> Readable:
    if not content.strip():
        return Readable("text", "", problem="it is empty.")
    text = content[: limits.message_bytes].decode("utf-8", "replace")
    lines = [
        Node("line", line.strip(), line=at) for at, line in enumerate(text.splitlines()[:10_000], 1) if line.strip()
    ]
    return Readable("text", text, Node("text", text.strip(), children=lines))
