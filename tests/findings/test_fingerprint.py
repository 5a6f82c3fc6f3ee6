from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from casrules.findings import document_key, fingerprint
from casrules.findings.fingerprint import of_occurrence

TEXT = st.text(max_size=6)
PARTS = st.fixed_dictionaries(
    {"rule": TEXT, "branch": TEXT, "document": TEXT, "entity": st.lists(TEXT, max_size=3), "field": TEXT}
)


def of(parts: dict[str, object]) -> str:
    parts = dict(parts)
    return fingerprint(str(parts.pop("rule")), **parts)  # type: ignore[arg-type]


@given(PARTS, PARTS)
def test_different_findings_have_different_fingerprints(one: dict[str, object], other: dict[str, object]) -> None:
    assert (of(one) == of(other)) == (one == other)


def test_a_fingerprint_is_a_sha256_and_stays_what_it_was() -> None:
    made = fingerprint(
        "eu.ncts.R0223",
        branch="",
        document=document_key(mrn="25GB1"),
        entity=("items", "[3]"),
        field="net_mass",
    )
    assert re.fullmatch("[0-9a-f]{64}", made)
    assert made == "181b6fa2f84b866cdd52ceb69f8453891ca114ac98274c2408c9372a395f84a1"


def test_the_document_key_prefers_declarant_and_lrn_then_mrn_then_the_callers_key_then_the_bytes() -> None:
    everything = {"declarant": "GB1", "lrn": "L1", "mrn": "M1", "given": "K1", "digest": "D1"}
    assert document_key(**everything) == '["lrn","GB1","L1"]'
    assert document_key(**everything | {"lrn": None}) == '["mrn","M1"]'
    assert document_key(**everything | {"declarant": "", "mrn": None}) == '["key","K1"]'
    assert document_key(digest="D1") == '["sha256","D1"]'


@given(TEXT, TEXT)
def test_keys_of_different_kinds_never_meet(one: str, other: str) -> None:
    keys = [document_key(mrn=one or "x"), document_key(given=other or "x"), document_key(digest=one)]
    assert len(set(keys)) == 3


def test_later_occurrences_get_their_own_fingerprints() -> None:
    assert of_occurrence("f", 1) == "f"
    assert len({of_occurrence("f", number) for number in range(1, 6)}) == 5
