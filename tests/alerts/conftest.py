"""What the tests of answers share: one engine, the shipped knowledge, a declaration and answers to it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from casrules import Engine
from casrules.alerts import Knowledge, shipped_knowledge

RESPONSE = """<MetaData xmlns="urn:wco:datamodel:WCO:DocumentMetaData-DMS:2">
<r:Response xmlns:r="urn:wco:datamodel:WCO:RES-DMS:2" xmlns:t="urn:wco:datamodel:WCO:Response_DS:DMS:2">
<r:FunctionCode>{function}</r:FunctionCode>
<r:IssueDateTime><t:DateTimeString formatCode="304">20250203101500Z</t:DateTimeString></r:IssueDateTime>
{more}{errors}
<r:Declaration><r:FunctionalReferenceID>{lrn}</r:FunctionalReferenceID><r:ID>25GB000000000000A1</r:ID></r:Declaration>
</r:Response></MetaData>"""


def wco_error(code: str, pointer: str, text: str = "") -> str:
    """One Error element; the pointer as text: `42A/67A/68A[2]/02A/D031`."""
    parts = []
    for piece in filter(None, pointer.split("/")):
        name, _, number = piece.partition("[")
        sequence = f"<r:SequenceNumeric>{number[:-1]}</r:SequenceNumeric>" if number else ""
        is_section = len(name) == 3 and name[:2].isdigit() and name[2].isalpha()
        if is_section:
            parts.append(f"<r:Pointer>{sequence}<r:DocumentSectionCode>{name}</r:DocumentSectionCode></r:Pointer>")
        else:
            tag = f"<r:TagID>{name}</r:TagID></r:Pointer>"
            parts[-1] = parts[-1].removesuffix("</r:Pointer>") + tag
    told = f"<r:Description>{text}</r:Description>" if text else ""
    return f"<r:Error>{told}<r:ValidationCode>{code}</r:ValidationCode>{''.join(parts)}</r:Error>"


def cds_answer(*errors: str, function: str = "03", lrn: str = "", more: str = "") -> bytes:
    """A CDS notification with these Error elements."""
    return RESPONSE.format(function=function, errors="".join(errors), lrn=lrn, more=more).encode()


@pytest.fixture(scope="session")
def engine() -> Engine:
    """The engine with everything that ships."""
    return Engine()


@pytest.fixture(scope="session")
def knowledge() -> Knowledge:
    """What ships about answers."""
    return shipped_knowledge()


@pytest.fixture(scope="session")
def declaration(repository: Path) -> bytes:
    """An import declaration that is right."""
    return (repository / "examples/cds/import-h1.xml").read_bytes()


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Writes files of knowledge below a folder `errors` and gives it."""

    def written(**files: str) -> Path:
        folder = tmp_path / "errors"
        for name in ("shapes", "codes", "pointers"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            kind, _, stem = name.partition("_")
            suffix = "csv" if kind == "pointers" else "yaml"
            (folder / kind / f"{stem}.{suffix}").write_text(text, encoding="utf-8")
        return folder

    return written
