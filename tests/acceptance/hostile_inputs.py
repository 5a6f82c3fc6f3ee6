"""Inputs made to hurt, for the whole engine: XML, JSON and what is neither; built when needed, some are large."""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

NCTS = b'<n:CC015C xmlns:n="http://ncts.dgtaxud.ec" PhaseID="NCTS5.1">'
END = b"</n:CC015C>"
SMALL = NCTS + b"<messageSender>A</messageSender>" + END


def entities(definitions: str) -> bytes:
    """A document type with definitions, and a root that uses the entity `a` often."""
    return f"<!DOCTYPE r [{definitions}]><r>{'&a;' * 10_000}</r>".encode()


def laughs() -> bytes:
    """Ten times ten times ten … of one text."""
    steps = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    return entities(f'<!ENTITY a0 "ha">{steps}<!ENTITY a "&a11;">')


def zipped() -> bytes:
    """A message inside a ZIP file."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("message.xml", SMALL)
    return buffer.getvalue()


def items(inner: bytes, count: int) -> bytes:
    """A transit declaration of many equal items."""
    item = b"<ConsignmentItem>" + inner + b"</ConsignmentItem>"
    return NCTS + b"<Consignment><HouseConsignment>" + item * count + b"</HouseConsignment></Consignment>" + END


def json_items(value: str, count: int) -> bytes:
    """A JSON declaration of many equal items."""
    body = ",".join([f'{{"gross_mass":{value}}}'] * count)
    return f'{{"format":"ncts.CC015C","consignment":{{"houses":[{{"items":[{body}]}}]}}}}'.encode()


def nested(depth: int) -> dict[str, Any]:
    """A mapping inside a mapping, and so on."""
    found: dict[str, Any] = {}
    for _ in range(depth):
        found = {"consignment": found}
    return found


def endless() -> dict[str, Any]:
    """A mapping that holds itself."""
    found: dict[str, Any] = {"format": "ncts.CC015C"}
    found["consignment"] = found
    return found


def mixed_keys() -> dict[Any, Any]:
    """A mapping whose keys have no common order."""
    return {"format": "ncts.CC015C", 1: 2, None: 3, ("a",): 4, b"x": 5}


def strange_values() -> dict[str, Any]:
    """Values that no JSON text gives."""
    mass = [Decimal("NaN"), Decimal("1e999999"), float("inf"), float("nan"), object(), b"12", 10**5_000, {1, 2}, 1j]
    return {"format": "ncts.CC015C", "consignment": {"houses": [{"items": [{"gross_mass": one} for one in mass]}]}}


XML: Mapping[str, Callable[[], Any]] = {
    "billion laughs": laughs,
    "quadratic blow-up": lambda: entities(f'<!ENTITY a "{"x" * 50_000}">'),
    "external entity": lambda: entities('<!ENTITY a SYSTEM "file:///etc/passwd">'),
    "document type alone": lambda: b"<!DOCTYPE r SYSTEM 'http://127.0.0.1:9/x.dtd'>" + SMALL,
    "document type in utf-16": lambda: entities('<!ENTITY a "b">').decode().encode("utf-16"),
    "too many elements": lambda: b"<r>" + b"<a/>" * 1_300_000 + b"</r>",
    "a million empty items": lambda: items(b"", 1_000_000),
    "bad values in 50,000 items": lambda: items(b"<goodsItemNumber>x</goodsItemNumber>" * 4, 50_000),
    "depth 5,000": lambda: b"<a>" * 5_000 + b"</a>" * 5_000,
    "depth a million": lambda: b"<a>" * 1_000_000,
    "a value of 900,000 characters": lambda: NCTS + b"<TransitOperation><LRN>" + b"1" * 900_000
    + b"</LRN></TransitOperation>" + END,
    "a text of 50 MB": lambda: NCTS + b"x" * 50_000_000 + END,
    "200,000 attributes": lambda: b"<a " + b" ".join(b'a%d=""' % n for n in range(200_000)) + b"/>",
    "above 64 MB": lambda: b"<a>" + b" " * 70_000_000 + b"</a>",
    "digits in every mass": lambda: items(
        b"<Commodity><GoodsMeasure><grossMass>" + b"9" * 9_000 + b"</grossMass></GoodsMeasure></Commodity>", 900
    ),
    "NUL inside": lambda: SMALL.replace(b">A<", b">\x00<"),
    "wrong declared encoding": lambda: b'<?xml version="1.0" encoding="utf-16"?>' + SMALL,
    "unknown encoding": lambda: b'<?xml version="1.0" encoding="klingon"?>' + SMALL,
    "invalid utf-8": lambda: SMALL.replace(b">A<", b">\xff\xfe<"),
    "utf-7": lambda: b'<?xml version="1.0" encoding="utf-7"?>' + SMALL,
    "utf-32": lambda: SMALL.decode().encode("utf-32"),
    "truncated": lambda: SMALL[: len(SMALL) // 2],
    "two documents": lambda: SMALL + SMALL,
    "another XML": lambda: b"<invoice><line/></invoice>",
    "an HTML page": lambda: b"<!DOCTYPE html><html><body>Gateway time-out</body></html>",
    "a style sheet": lambda: b"<xsl:stylesheet xmlns:xsl='http://www.w3.org/1999/XSL/Transform' version='1.0'/>",
    "a remote schema location": lambda: SMALL.replace(
        b"PhaseID",
        b'xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:schemaLocation="a http://127.0.0.1:9/" PhaseID'
    ),
}  # fmt: skip
JSON: Mapping[str, Callable[[], Any]] = {
    "deep lists": lambda: b'{"a":' + b"[" * 200_000,
    "deep objects": lambda: b'{"a":' * 100_000,
    "deep closed objects": lambda: b'{"consignment":' * 50_000 + b"1" + b"}" * 50_000,
    "50 MB of digits": lambda: b'{"total_packages":' + b"9" * 50_000_000 + b"}",
    "50 MB of digits after a point": lambda: b'{"consignment":{"gross_mass":0.' + b"9" * 50_000_000 + b"}}",
    "a huge exponent": lambda: json_items("1e999999999", 2_000),
    "invalid utf-8 in JSON": lambda: b'{"lrn": "\xff\xfe"}',
    "a lone surrogate": lambda: b'{"format":"ncts.CC015C","lrn":"\\ud800","holder":{"id":"\\udfff"}}',
    "not a number": lambda: b'{"consignment":{"gross_mass":NaN}}',
    "a hundred thousand unknown keys": lambda: b"{" + b",".join(b'"k%d":1' % n for n in range(100_000)) + b"}",
    "an unknown key of 10 MB": lambda: b'{"' + b"k" * 10_000_000 + b'":1}',
    "a format of 10 MB": lambda: b'{"format":"' + b"k" * 10_000_000 + b'"}',
    "100,000 bad values": lambda: json_items('"x"', 100_000),
    "a list": lambda: b"[1, 2, 3]",
    "truncated JSON": lambda: b'{"format": "ncts.CC015C", "lrn"',
    "JSON above 64 MB": lambda: b'{"a":"' + b" " * 70_000_000 + b'"}',
    "a mapping that holds itself": endless,
    "a mapping 3,000 deep": lambda: nested(3_000),
    "a mapping of mixed keys": mixed_keys,
    "a mapping of strange values": strange_values,
}
NEITHER: Mapping[str, Callable[[], Any]] = {
    "nothing": lambda: b"",
    "blanks": lambda: b" \r\n\t" * 10_000_000,
    "zeros": lambda: b"\x00" * 30_000_000,
    "gzip": lambda: gzip.compress(SMALL * 1_000),
    "zip": zipped,
    "digits": lambda: b"9" * 50_000_000,
    "a byte order mark alone": lambda: b"\xef\xbb\xbf",
    "EDIFACT": lambda: b"UNB+UNOC:3+SENDER+RECEIVER+250201:0900+1'UNZ+0+1'",
}
INPUTS = {**XML, **JSON, **NEITHER}
