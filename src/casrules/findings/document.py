"""Facts about the document that was checked."""

from __future__ import annotations

from typing import Literal

from casrules.findings.frozen import Frozen, SourceText

MessageRole = Literal["declaration", "amendment", "invalidation", "notification", "answer", "unknown"]


class Namespace(Frozen):
    """A prefix of XPaths and what it stands for."""

    prefix: SourceText
    uri: SourceText


class DocumentInfo(Frozen):
    """What the document is.

    `message` is the full id (`ncts.CC015C`); `key` the document key of fingerprints; `detected_by` says how
    format and message were found; `bytes` and `sha256` are of the document as given; `name` is the caller's
    name for it (a file's path). `namespaces` are those of the XPaths of an XML message's findings:
    with them each XPath resolves in the message, whatever prefixes the message itself uses.
    """

    format: Literal["xml", "json", "edifact", "record", "unknown"] = "unknown"
    family: str = ""
    message: str = ""
    title: str = ""
    phase: str = ""
    role: MessageRole = "unknown"
    complete: bool = True
    lrn: SourceText = ""
    mrn: SourceText = ""
    jurisdiction: str = ""
    flow: str = ""
    sha256: str = ""
    bytes: int = 0
    detected_by: str = ""
    schema_set: str = ""
    schema_status: str = ""
    key: SourceText = ""
    name: SourceText = ""
    namespaces: tuple[Namespace, ...] = ()


class ReferenceDate(Frozen):
    """The date rules are read at, and where it came from; `date` is None where it is unknown (never the
    clock).
    """

    date: str | None = None
    origin: Literal["argument", "declaration", "unknown"] = "unknown"
    path: str = ""
