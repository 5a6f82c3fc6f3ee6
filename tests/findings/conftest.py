"""Makers of violations and drafts, as fixtures."""

from __future__ import annotations

from typing import Any, Protocol

import pytest

from casrules.findings import Draft, Location, Message, RecordPath, Violation


class MakeViolation(Protocol):
    def __call__(self, identity: str, *, text: str = ..., line: int | None = ..., **fields: Any) -> Violation: ...


class MakeDraft(Protocol):
    def __call__(
        self, identity: str, *, entity: RecordPath = ..., after: tuple[str, ...] = ..., **fields: Any
    ) -> Draft: ...


def make_violation(identity: str, *, text: str = "wrong", line: int | None = None, **fields: Any) -> Violation:
    place = Location(path=fields.pop("path", f"items[number={identity}].gross_mass"), line=line)
    values: dict[str, Any] = {
        "rule": "demo.R1",
        "message": Message(key="m", text=text),
        "locations": (place,),
    }
    return Violation(fingerprint=identity, **(values | fields))


def make_draft(identity: str, *, entity: RecordPath = (), after: tuple[str, ...] = (), **fields: Any) -> Draft:
    return Draft(make_violation(identity, **fields), entity, after)


@pytest.fixture(scope="session")
def violation() -> MakeViolation:
    return make_violation


@pytest.fixture(scope="session")
def draft() -> MakeDraft:
    return make_draft
