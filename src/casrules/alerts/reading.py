"""Bytes of an answer → a plain tree, whatever format they are in; what cannot be read says why."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Literal

from casrules.alerts.http_reading import first_part, http_tree, is_http, is_parts, read_http
from casrules.alerts.nodes import Node, from_json, from_xml
from casrules.alerts.segment_tree import segment_tree
from casrules.alerts.shape_models import Format
from casrules.errors import UsageError
from casrules.limits import Limits
from casrules.messages.edifact import is_interchange, read_interchange
from casrules.messages.edifact_segments import InterchangeFault
from casrules.messages.reading import read

DEEPEST_JSON = 100
SHOWN_NAMESPACES = 50
_LIST = re.compile(rb"\[\s*(?:[\[{\"\]]|$)")
"""How a list of JSON begins; a line of a log may begin with a bracket too."""
Kind = Literal["xml", "json", "edifact", "record", "unknown"]


@dataclass(frozen=True, slots=True)
class Readable:
    """An answer as far as it can be read: its format, its tree (None: `problem` says why), its text, its namespaces.

    `inside` is what an HTTP answer carries; `faults` are those of an interchange, `fault_count` how many there are.
    """

    format: Format
    text: str
    tree: Node | None = None
    problem: str = ""
    line: int | None = None
    namespaces: str = ""
    inside: Readable | None = None
    faults: tuple[InterchangeFault, ...] = ()
    fault_count: int = 0

    @property
    def kind(self) -> Kind:
        """The format as a report names it."""
        if self.format == "http":
            return self.inside.kind if self.inside is not None else "unknown"
        return "unknown" if self.format == "text" else self.format


def read_answer(content: bytes, limits: Limits) -> Readable:
    """Read an answer: XML, JSON, EDIFACT, HTTP and MIME as what they are, anything else as text."""
    if is_http(content):
        return _http(content, limits)
    if is_parts(content):
        content = first_part(content)
    return _plain(content, limits)


def _plain(content: bytes, limits: Limits) -> Readable:
    start = content[:64].lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if start == b"{" or _LIST.match(content[:64].lstrip(b"\xef\xbb\xbf \t\r\n")):
        return _json(content, limits)
    if start == b"<" or b"\x00" in content[:4] or content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return _xml(content, limits)
    return _edifact(content, limits) if is_interchange(content) else _text(content, limits)


def _http(content: bytes, limits: Limits) -> Readable:
    answer = read_http(content)
    body = first_part(answer.body) if is_parts(answer.body) else answer.body
    inside = _plain(body, limits) if body.strip() else None
    text = content[: limits.message_bytes].decode("utf-8", "replace")
    return Readable("http", text, http_tree(answer), inside=inside)


def _edifact(content: bytes, limits: Limits) -> Readable:
    try:
        interchange = read_interchange(content, limits)
    except UsageError as error:
        text = content[: limits.message_bytes].decode("utf-8", "replace")
        return Readable("edifact", text, problem=f"{error.problem} ({error.remedy}).")
    return Readable(
        "edifact",
        interchange.text,
        segment_tree(interchange),
        faults=interchange.faults,
        fault_count=interchange.fault_count,
    )


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
