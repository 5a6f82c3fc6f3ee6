"""Inputs made to hurt: each is built when it is needed, since some are tens of megabytes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping

NCTS = '<n:CC015C xmlns:n="http://ncts.dgtaxud.ec" PhaseID="NCTS5.1">'
MANY = 1_100_000


def _entities(kind: str) -> bytes:
    definitions = {
        "quadratic": f'<!ENTITY a "{"x" * 50_000}">',
        "external": '<!ENTITY a SYSTEM "file:///etc/passwd">',
        "parameter": '<!ENTITY % p SYSTEM "http://127.0.0.1:9/x.dtd"> %p; <!ENTITY a "">',
    }
    if kind == "laughs":
        steps = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
        definitions["laughs"] = f'<!ENTITY a0 "ha">{steps}<!ENTITY a "&a11;">'
    return f"<!DOCTYPE r [{definitions[kind]}]><r>{'&a;' * 20_000}</r>".encode()


def _wide(child: str, count: int) -> bytes:
    return (NCTS + child * count + "</n:CC015C>").encode()


def _items(inner: str, count: int) -> bytes:
    head = NCTS + "<Consignment><HouseConsignment>"
    item = f"<ConsignmentItem>{inner}</ConsignmentItem>"
    return (head + item * count + "</HouseConsignment></Consignment></n:CC015C>").encode()


def _zip() -> bytes:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("m.xml", b"0" * 5_000_000)
    outer = io.BytesIO()
    with zipfile.ZipFile(outer, "w") as archive:
        archive.writestr("inner.zip", inner.getvalue())
    return outer.getvalue()


INPUTS: Mapping[str, Callable[[], bytes]] = {
    "billion laughs": lambda: _entities("laughs"),
    "quadratic blow-up": lambda: _entities("quadratic"),
    "external entity": lambda: _entities("external"),
    "parameter entity": lambda: _entities("parameter"),
    "doctype in utf-16": lambda: _entities("external").decode().encode("utf-16"),
    "depth 5,000": lambda: b"<a>" * 5_000 + b"</a>" * 5_000,
    "depth a million, unclosed": lambda: b"<a>" * MANY,
    "200,000 attributes": lambda: b"<a " + b" ".join(b'a%d=""' % n for n in range(200_000)) + b"/>",
    "3 million attributes": lambda: b"<a " + b" ".join(b'a%d=""' % n for n in range(3_000_000)) + b"/>",
    "20,000 namespaces": lambda: b"<a " + b" ".join(b'xmlns:n%d="u"' % n for n in range(20_000)) + b"/>",
    "2 million elements": lambda: b"<r>" + b"<a/>" * 2_000_000 + b"</r>",
    "a million empty items": lambda: _items("", 1_000_000),
    "half a million bad values": lambda: _items("<goodsItemNumber>x</goodsItemNumber>" * 5, 100_000),
    "a million unknown children": lambda: _wide("<zz/>", 1_000_000),
    "400,000 different names": lambda: _wide("", 0).replace(
        b"</n:", b"".join(b"<z%d/>" % n for n in range(400_000)) + b"</n:"
    ),
    "a million strings": lambda: _wide("<LRN>x</LRN>", 500_000),
    "a text of 60 MB": lambda: NCTS.encode() + b"x" * 60_000_000 + b"</n:CC015C>",
    "an attribute of 60 MB": lambda: b'<a b="' + b"x" * 60_000_000 + b'"/>',
    "a comment of 60 MB": lambda: b"<!--" + b"x" * 60_000_000 + b"--><a/>",
    "CDATA of 9 MB": lambda: b"<a><![CDATA[" + b"<x" * 4_500_000 + b"]]></a>",
    "a million comments": lambda: b"<r>" + b"<!---->" * MANY + b"</r>",
    "70 MB": lambda: b"<a>" + b" " * 70_000_000 + b"</a>",
    "utf-16 of 40 MB": lambda: ("<a>" + "<b/>" * 5_000_000 + "</a>").encode("utf-16"),
    "nested zips": _zip,
    "NUL bytes": lambda: bytes(30_000_000),
    "blank": lambda: b" \n" * 30_000_000,
    "a value of 900,000 characters": lambda: _wide(
        f"<TransitOperation><LRN>{'1' * 900_000}</LRN></TransitOperation>", 1
    ),
    "not utf-8 at the end": lambda: b"<a>" + b"<b/>" * 1_000_000 + b"\xff</a>",
}
