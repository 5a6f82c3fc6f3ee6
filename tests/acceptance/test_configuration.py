"""From an alert to a rule that prevents it, on declarations that customs accepted."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from casrules import Engine
from casrules.engine.proposing import memory_of, propose
from casrules.findings import Report
from casrules.packs.yaml_writing import write_yaml

from .accepted import CDS_DAY, accepted_samples

pytestmark = pytest.mark.corpus
RULE = "uk.cds.authorisation_document_missing"
WANTED = 10
DOCUMENT = re.compile(r"\s*<(?P<p>\w+:)?AdditionalDocument>.*?</(?P=p)?AdditionalDocument>", re.S)
COMMODITY = re.compile(r"(<(?:\w+:)?ID>)(\d{8})(</(?:\w+:)?ID>\s*<(?:\w+:)?IdentificationTypeCode>TSP)")
LRN = re.compile(r"(<(?:\w+:)?FunctionalReferenceID>)[^<]*(<)")


@dataclass(frozen=True)
class Slip:
    """An accepted declaration, without the document of one of its authorisations, and the alert that came of it."""

    name: str
    whole: bytes
    cut: bytes
    before: Report
    document: tuple[str, str]

    @property
    def known(self) -> set[str]:
        """What there was to say of the declaration as it was accepted."""
        return {violation.fingerprint for violation in self.before.violations}

    @property
    def next(self) -> bytes:
        """The next declaration of that kind: the same slip under another reference."""
        return LRN.sub(r"\g<1>NEXT-0001\g<2>", self.cut.decode(), count=1).encode()


@pytest.fixture(scope="module")
def slips(corpus: Path, engine: Engine) -> list[Slip]:
    found: list[Slip] = []
    for sample in accepted_samples(corpus):
        if sample.file.set not in {"cds-annotated", "tt4_2"} or len(found) == WANTED:
            continue
        slip = _slip(sample.file.path, engine)
        if slip is not None:
            found.append(slip)
    return found


def _slip(path: Path, engine: Engine) -> Slip | None:
    whole = path.read_bytes()
    before = engine.validate(whole, as_of=CDS_DAY)
    text = whole.decode("utf-8")
    if not before.accepted or not text.isascii() or not COMMODITY.search(text):
        return None
    for match in DOCUMENT.finditer(text):
        cut = (text[: match.start()] + text[match.end() :]).encode()
        if RULE in {violation.rule for violation in engine.validate(cut, as_of=CDS_DAY).errors}:
            category, kind, number = (_value(name, match[0]) for name in ("CategoryCode", "TypeCode", "ID"))
            return Slip(path.name, whole, cut, before, (category + kind, number))
    return None


def _value(name: str, text: str) -> str:
    found = re.search(rf"<(?:\w+:)?{name}>([^<]*)<", text)
    return found[1].strip() if found else ""


def rule_of(slip: Slip, engine: Engine, earlier: list[bytes]) -> dict[str, Any]:
    """The proposal for the alert, as a person finishes it: what is open given, and narrowed to the commodity."""
    memory = memory_of(engine, earlier)
    (proposal,) = [found for rule, found in propose(engine, slip.cut, memory=memory, as_of=CDS_DAY) if rule == RULE]
    assert proposal.stated == "", "an authorisation's document is no statement: it may be applied"
    rule: dict[str, Any] = yaml.safe_load(proposal.rule)
    (fields,) = rule["add"].values()
    assert fields["type"] == slip.document[0]
    if not proposal.complete:
        assert set(proposal.open) == {"item.supporting_documents.reference"}
        fields["reference"] = slip.document[1]
    code = COMMODITY.search(slip.cut.decode())
    assert code is not None
    rule["id"] += f"-{code[2]}"
    rule["match"]["item.commodity_code"] = f"{code[2]}*"
    rule["mode"] = "apply"
    return rule


def pack_of(folder: Path, rules: list[dict[str, Any]]) -> Path:
    folder.mkdir(exist_ok=True)
    unique = {rule["id"]: rule for rule in rules}
    (folder / "pack.yaml").write_text("id: acme\ntitle: Acme\nversion: 1.0.0\n", encoding="utf-8")
    text = write_yaml({"configuration": list(unique.values())})
    (folder / "rules.yaml").write_text(text, encoding="utf-8")
    return folder


def test_ten_accepted_declarations_lose_a_document_as_traders_lose_them(slips: list[Slip]) -> None:
    assert len(slips) == WANTED and len({slip.name for slip in slips}) == WANTED


def test_the_next_declaration_of_that_kind_passes(slips: list[Slip], engine: Engine, tmp_path: Path) -> None:
    for number, slip in enumerate(slips):
        using = Engine(configuration=[pack_of(tmp_path / str(number), [rule_of(slip, engine, [])])])
        done = using.configure(slip.next, as_of=CDS_DAY)
        assert done.report.accepted and RULE not in {found.rule for found in done.report.violations}, slip.name
        assert engine.validate(done.content, as_of=CDS_DAY).accepted, slip.name
        assert using.configure(done.content, as_of=CDS_DAY).content == done.content, slip.name


def test_what_was_accepted_before_completes_the_rule(slips: list[Slip], engine: Engine) -> None:
    """With the whole declarations in memory, nothing is left for a person to give, or only what differs each time."""
    memory = memory_of(engine, [slip.whole for slip in slips])
    complete = 0
    for slip in slips:
        for rule, found in propose(engine, slip.cut, memory=memory, as_of=CDS_DAY):
            if rule == RULE:
                given = [one.values for several in found.open.values() for one in several]
                assert found.complete or slip.document[1] in {value for one in given for value in one.values()}
                complete += found.complete
    print(f"\n{complete} of {len(slips)} proposals are complete from what was accepted before")
    assert complete >= WANTED // 2


def test_other_commodities_and_other_traders_are_untouched(slips: list[Slip], engine: Engine, tmp_path: Path) -> None:
    for number, slip in enumerate(slips):
        using = Engine(configuration=[pack_of(tmp_path / str(number), [rule_of(slip, engine, [])])])
        elsewhere = COMMODITY.sub(r"\g<1>01012100\g<3>", slip.cut.decode()).encode()
        assert using.configure(elsewhere, as_of=CDS_DAY).content == elsewhere, slip.name
        stranger = _of_another_trader(slip.cut.decode()).encode()
        assert using.configure(stranger, as_of=CDS_DAY).content == stranger, slip.name


def _of_another_trader(text: str) -> str:
    changed, count = re.subn(
        r"(<(?:\w+:)?Declarant>\s*(?:<!--.*?-->\s*)*<(?:\w+:)?ID>)[^<]*", r"\g<1>GB000000000000", text, flags=re.S
    )
    assert count == 1
    return changed


def test_all_rules_together_raise_nothing_new(slips: list[Slip], engine: Engine, tmp_path: Path) -> None:
    rules = [rule_of(slip, engine, []) for slip in slips]
    using = Engine(configuration=[pack_of(tmp_path / "all", rules)])
    for slip in slips:
        done = using.configure(slip.cut, as_of=CDS_DAY)
        found = engine.validate(done.content, as_of=CDS_DAY).violations
        assert {one.rule for one in found if one.fingerprint not in slip.known} == set(), slip.name
