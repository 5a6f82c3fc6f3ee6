"""The made-up family of sample_family/: its mapping, its one message, and ways to build others."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from lxml import etree

from casrules.declaration import RecordPath
from casrules.dictionary import shipped_dictionary
from casrules.messages.mapping import Mapping, load_mapping
from casrules.messages.message_mapping import MessageMapping
from casrules.messages.schema_tables import load_tables

FOLDER = Path(__file__).parent / "sample_family"


@dataclass(frozen=True)
class SampleMessage:
    id: str = "SAMPLE"
    start: str = "./Declaration"
    table: str | None = "env:Envelope"


@cache
def sample_mapping() -> Mapping:
    return load_mapping(FOLDER, shipped_dictionary())


@cache
def sample() -> MessageMapping:
    return sample_mapping().for_message(SampleMessage(), load_tables(FOLDER / "tables"))


def full() -> bytes:
    return (FOLDER / "full.xml").read_bytes()


def root_of(source: bytes) -> etree._Element:
    return etree.fromstring(source)


def message(inside: str) -> bytes:
    """A message with `inside` in its declaration."""
    head = '<e:Envelope xmlns:e="urn:sample:envelope" xmlns="urn:sample:declaration">'
    return f"{head}<Declaration>{inside}</Declaration></e:Envelope>".encode()


def path(text: str) -> RecordPath:
    """`items:0.gross_mass` as a record path."""
    steps = (step.partition(":") for step in text.split("."))
    return tuple((name, int(index) if index else None) for name, _, index in steps)


IN_HOUSE = "consignment.houses:0."
