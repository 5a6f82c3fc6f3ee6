"""HTTP answers as text (status line, headers, body) and MIME wholes of several parts, taken apart."""

from __future__ import annotations

import re
from dataclasses import dataclass

from casrules.alerts.nodes import Node

ROOT = "http"
HEADERS = 200
_HOPS = 10
_BODY_CHARACTERS = 100_000
_STATUS = re.compile(rb"HTTP/[0-9](?:\.[0-9])?[ \t]+([0-9]{3})(?:[ \t]+([^\r\n]{0,500}))?[^\n]*(?:\r?\n|$)")
_BLANK_LINE = re.compile(rb"\r?\n[ \t]*\r?\n")
_BOUNDARY = re.compile(rb"--[^\s][^\r\n]{0,200}")
_STEP_ON = re.compile(r"1[0-9]{2}")


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """One HTTP answer: the status, its reason, headers in small letters, the body, the line the body begins at."""

    status: str
    reason: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    body_line: int


def is_http(content: bytes) -> bool:
    """Whether bytes begin with the status line of an HTTP answer."""
    return _STATUS.match(content.lstrip(b" \t\r\n")) is not None


def read_http(content: bytes) -> HttpAnswer:
    """The last answer in the text: interim ones (1xx) and that of a proxy's tunnel come before it."""
    content = content.lstrip(b" \t\r\n")
    line = 1
    for _ in range(_HOPS):
        found = _STATUS.match(content)
        assert found is not None
        head_end = _BLANK_LINE.search(content, found.end() - 1)
        head = content[found.end() : head_end.start() if head_end else len(content)]
        body = content[head_end.end() :] if head_end else b""
        line += content.count(b"\n", 0, head_end.end() if head_end else len(content))
        status, reason = found[1].decode(), (found[2] or b"").decode("latin-1").strip()
        passing = _STEP_ON.match(status) or "connection established" in reason.lower()
        if not (passing and _STATUS.match(body)):
            break
        content = body
    return HttpAnswer(status, reason, tuple(_headers(head)), body, line)


def _headers(head: bytes) -> list[tuple[str, str]]:
    found = (line.partition(b":") for line in head.split(b"\n")[:HEADERS])
    return [
        (name.decode("latin-1").strip().lower(), value.decode("latin-1").strip()) for name, mark, value in found if mark
    ]


def http_tree(answer: HttpAnswer) -> Node:
    """The tree `http`: `status`, `reason`, `header` (attribute `name`), `body` as text."""
    headers = [Node("header", value, {"name": name}) for name, value in answer.headers]
    body = answer.body[:_BODY_CHARACTERS].decode("utf-8", "replace").strip()
    children = [Node("status", answer.status), Node("reason", answer.reason), *headers, Node("body", body)]
    return Node(ROOT, children=children, line=1)


def is_parts(content: bytes) -> bool:
    """Whether bytes begin like a MIME whole of several parts: with its boundary, which comes again as a line."""
    start = content.lstrip(b" \t\r\n")
    found = _BOUNDARY.match(start)
    return found is not None and b"\n" + found[0].strip() in start[found.end() :]


def first_part(content: bytes) -> bytes:
    """The body of the first part: of AS4 the SOAP envelope. Everything where there is no such part."""
    start = content.lstrip(b" \t\r\n")
    found = _BOUNDARY.match(start)
    if found is None:
        return content
    end = start.find(b"\n" + found[0].strip(), found.end())
    part = start[found.end() : end if end >= 0 else len(start)]
    blank = _BLANK_LINE.search(part)
    return part[blank.end() :].strip() if blank else part.strip()
