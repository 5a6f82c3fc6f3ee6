"""Real messages in a history: read back as they were, mined as a table, and redacted without a leak."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from casrules import Engine
from casrules.dictionary import shipped_dictionary
from casrules.history import Outcome, Redaction, Store, export_table
from casrules.history.flattening import element_at
from casrules.history.message_values import MessageReader
from casrules.improve import History
from casrules.improve.coding import encode

from .accepted import Sample, accepted_samples

pytestmark = pytest.mark.corpus
NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
EVERY = 25
"""Each so-manieth accepted sample: some of every system."""


@pytest.fixture(scope="module")
def samples(corpus: Path) -> list[Sample]:
    """Some accepted messages of all systems."""
    return accepted_samples(corpus)[::EVERY]


def _filled(store: Store, samples: list[Sample]) -> dict[str, bytes]:
    engine, contents = Engine(), dict[str, bytes]()
    for number, sample in enumerate(samples):
        content = sample.file.path.read_bytes()
        report = engine.validate(content, as_of=sample.as_of, document_key=sample.file.name)
        at = NOON + timedelta(days=number)
        store.record(report, at=at, by="clerk", values=content, content=content, document=f"s{number}")
        store.append(Outcome(document=f"s{number}", at=at, outcome="accepted"))
        contents[f"s{number}"] = content
    return contents


def test_real_messages_are_kept_and_become_a_table(samples: list[Sample], tmp_path: Path) -> None:
    reader = MessageReader()
    with Store.open(tmp_path / "h.db") as store:
        contents = _filled(store, samples)
        for declared in store.declarations():
            assert declared.before == reader.values(contents[declared.document]), declared.document
            assert declared.before and declared.submissions[0].content == contents[declared.document]
        coded = encode(History.open(export_table(store, tmp_path / "out")))
    assert len(contents) >= 10 and coded.declaration.max() + 1 == len(contents)
    names = {it.spec.name for it in coded.fields}
    assert {"item.commodity_code", "declaration.declarant.id"} <= names
    commodity = coded.field("item.commodity_code")
    assert commodity is not None and commodity.spec.prefix_levels and (commodity.before > 0).any()


def test_nothing_private_of_a_real_message_is_in_a_redacted_history(samples: list[Sample], tmp_path: Path) -> None:
    reader = MessageReader()
    private, public = set[str](), ""
    for sample in samples:
        for pointer, value in reader.values(sample.file.path.read_bytes()).items():
            element = element_at(pointer, shipped_dictionary())
            if element is not None and element.privacy == "none":
                public += f" {value}"
            elif len(value) >= 6 and value.isascii():
                private.add(value)
    (tmp_path / "h").mkdir()
    with Store.open(tmp_path / "h/h.db", redaction=Redaction(key=b"a key of some length")) as store:
        _filled(store, samples)
    written = b"".join(path.read_bytes() for path in (tmp_path / "h").iterdir()).decode("latin-1")
    assert len(private) > 100
    leaked = sorted(value for value in private if value in written and value not in public)
    assert leaked == []
