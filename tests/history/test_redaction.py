"""Redaction by privacy class: what must not be kept is nowhere in the database."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casrules.dictionary import shipped_dictionary
from casrules.history import (
    Answer,
    AnswerCode,
    Correction,
    Event,
    Found,
    HistoryEdit,
    Outcome,
    Redaction,
    Store,
    Violations,
)
from casrules.history.events import FoundArgument
from casrules.history.flattening import element_at
from casrules.history.redaction import argument_privacy

from .samples import ITEM, NOON, submission

KEY = b"sixteen bytes or more"
POINTERS = {
    "none": [f"{ITEM}/commodity_code", f"{ITEM}/supporting_documents/0/type", "/declarant/address/country"],
    "business": ["/lrn", "/importer/id", f"{ITEM}/supporting_documents/0/reference", "/nobody/knows/this"],
    "personal": ["/declarant/name", "/declarant/contact/email", "/declarant/address/street"],
}


def test_the_classes_are_the_dictionarys() -> None:
    for privacy, pointers in POINTERS.items():
        for pointer in pointers[: None if privacy != "business" else -1]:
            element = element_at(pointer, shipped_dictionary())
            assert element is not None and element.privacy == privacy, pointer


@pytest.mark.parametrize(
    ("name", "privacy"),
    [("declaration.mrn", "business"), ("item.gross_mass", "none"), ("limit", None), ("item.nothing", None)],
)
def test_the_class_of_an_argument_is_that_of_what_it_names(name: str, privacy: str | None) -> None:
    assert argument_privacy(name, shipped_dictionary()) == privacy


def _secrets() -> dict[str, dict[str, str]]:
    return {
        privacy: {pointer: f"{privacy.upper()}VALUE{number}" for number, pointer in enumerate(pointers)}
        for privacy, pointers in POINTERS.items()
    }


def _events(values: dict[str, str], mark: str) -> list[Event]:
    """Every place in which a value may hide."""
    secret = f"BUSINESSVALUE{mark}"
    person = f"PERSONALVALUE{mark}"
    common: dict[str, Any] = {"document": f"[lrn, {secret}]", "at": NOON, "by": person}
    arguments = (FoundArgument(name="declaration.mrn", value=secret), FoundArgument(name="who", value=person))
    found = Found(rule="r", fingerprint=secret, path=f"d[reference={secret}]", record=ITEM, arguments=arguments)
    edit = HistoryEdit(kind="change", record="/lrn", before={"/lrn": secret}, after={"/declarant/name": person})
    return [
        submission(
            **common, id=f"{secret}-1", lrn=secret, mrn=secret, importer=secret, declarant=secret,
            values=values, sent=values, content=secret.encode() + person.encode(),
        ),
        Violations(**common, found=(found.model_copy(update={"correlation_key": secret}),)),
        Answer(
            **common, reference=secret, content=person.encode(),
            codes=(AnswerCode(code="CDS12056", path=secret, record=ITEM, text=person + secret),),
        ),
        Correction(**common, edits=(edit,), values=values),
        Outcome(**common, outcome="rejected", reason=f"{person} of {secret}"),
    ]  # fmt: skip


def _bytes(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.iterdir())


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    personal=st.sampled_from(["hash", "drop"]),
    business=st.sampled_from(["hash", "drop"]),
    chosen=st.sets(st.sampled_from([pointer for them in POINTERS.values() for pointer in them])),
)
def test_no_value_of_a_redacted_class_is_anywhere(
    tmp_path_factory: pytest.TempPathFactory, personal: Any, business: Any, chosen: set[str]
) -> None:
    folder = tmp_path_factory.mktemp("redacted")
    values = {key: text for them in _secrets().values() for key, text in them.items() if key in chosen}
    redaction = Redaction(key=KEY, personal=personal, business=business)
    with Store.open(folder / "h.db", redaction=redaction) as store:
        told = store.append_together(_events(values, "X"))
        assert not any(it.stored for it in store.append_together(_events(values, "X"))), "a retry is still a retry"
        assert len({it.document for it in store.declarations()}) == 1
        declared = next(store.declarations())
        kept = declared.before or {}
    assert len(told) == 5 and len(declared.events) == 5
    content = _bytes(folder)
    assert b"BUSINESSVALUE" not in content and b"PERSONALVALUE" not in content and KEY not in content
    for pointer in POINTERS["none"]:
        assert kept.get(pointer) == values.get(pointer), "what is of no class is kept, so that the history is of use"
    assert declared.violations[0].found[0].rule == "r" and declared.answers[0].codes[0].code == "CDS12056"


def test_each_class_is_treated_by_itself(store: Store) -> None:
    values = {"/lrn": "L1", "/declarant/name": "Ada", f"{ITEM}/commodity_code": "8471"}
    redaction = Redaction(key=KEY, personal="drop", business="keep")
    found = redaction.applied(submission(values=values, by="Ada"))
    assert found.model_dump(include={"values", "by", "lrn"}) == {
        "values": {"/lrn": "L1", f"{ITEM}/commodity_code": "8471"}, "by": "", "lrn": "L1",
    }  # fmt: skip
    assert Redaction(key=KEY, personal="keep", business="keep").applied(submission(by="Ada")).by == "Ada"


def test_hashes_are_keyed_equal_for_equal_values_and_final() -> None:
    one, other = Redaction(key=KEY), Redaction(key=KEY[::-1])
    assert one.hashed("GB1") == one.hashed("GB1") != other.hashed("GB1")
    assert one.hashed(one.hashed("GB1")) == one.hashed("GB1") and one.hashed("") == ""
    assert "sixteen" not in repr(one)
    with pytest.raises(ValueError, match="at least 16"):
        Redaction(key=b"short")


def test_a_redacted_declaration_is_found_by_its_references(url: str) -> None:
    with Store.open(url, redaction=Redaction(key=KEY)) as store:
        store.append(submission("d1", lrn="L1"))
        assert len(store.find(lrn="L1")) == 1
        assert store.declaration("d1") is None, "the key is hashed too"


def test_what_was_redacted_or_dropped_does_not_linger_in_the_file(tmp_path: Path) -> None:
    with Store.open(tmp_path / "h.db") as store:
        for number in range(30):
            store.append(
                submission(f"d{number}", values={"/declarant/name": "PERSONALVALUE" * 50}, content=b"BYTES" * 99)
            )
        assert b"PERSONALVALUE" in _bytes(tmp_path)
        store.drop(date(2027, 1, 1), classes=["content"], at=NOON, by="dpo")
        assert b"BYTES" not in _bytes(tmp_path)
        store.redact(date(2027, 1, 1), Redaction(key=KEY), at=NOON, by="dpo")
        assert b"PERSONALVALUE" not in _bytes(tmp_path)


def test_old_declarations_can_be_redacted_later(store: Store) -> None:
    old, new = NOON - timedelta(days=100), NOON
    values = {"/lrn": "BUSINESSVALUE", "/declarant/name": "PERSONALVALUE", f"{ITEM}/commodity_code": "8471"}
    for name, at in (("old", old), ("new", new)):
        store.append(submission(name, at=at, values=values, content=b"PERSONALVALUE"))
        store.append(Outcome(document=name, at=at, outcome="accepted"))
    store.append(submission("revived", at=old, values=values))
    store.append(Outcome(document="revived", at=new, outcome="accepted"))
    redaction = Redaction(key=KEY)
    day = date(2026, 1, 1)
    assert store.redact(day, redaction, at=NOON, by="dpo").redacted == 1
    assert store.redact(day, redaction, at=NOON, by="dpo").redacted == 0, "a second run finds nothing to do"
    kept = {it.document: it for it in store.declarations()}
    assert kept["new"].before == values == kept["revived"].before
    hidden = next(it for name, it in kept.items() if name not in ("new", "revived"))
    assert hidden.outcome == "accepted" and hidden.before == {
        "/lrn": redaction.hashed("BUSINESSVALUE"),
        f"{ITEM}/commodity_code": "8471",
    }
    assert hidden.submissions[0].content is None
