"""Our schemas give the verdict of the official ones: on every message of the corpus, on seeded mutations of
the valid ones, and on messages made up from the tables and their mutations.

`CASRULES_MUTATIONS` sets the number of mutations a valid message gets. Every mutation is seeded by the
message's name and its number, so that a disagreement can be repeated.
"""

from __future__ import annotations

import copy
import os
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import etree

from casrules.messages.schema_tables import SchemaTables, load_tables

from .filling import Filler, texts_below
from .mutations import ODD_VALUES, mutate

pytestmark = pytest.mark.corpus
MUTATIONS = int(os.environ.get("CASRULES_MUTATIONS", "20"))
FULLNESS = (0.0, 0.3, 0.5, 0.7, 0.9, 1.0)
FILLED_MESSAGES = 60
MD, DEC, RES, DS, RS = (
    "urn:wco:datamodel:WCO:DocumentMetaData-DMS:2",
    "urn:wco:datamodel:WCO:DEC-DMS:2",
    "urn:wco:datamodel:WCO:RES-DMS:2",
    "urn:wco:datamodel:WCO:Declaration_DS:DMS:2",
    "urn:wco:datamodel:WCO:Response_DS:DMS:2",
)
NCTS = "http://ncts.dgtaxud.ec"
ICS, AES, CDS = "eu/xsd/ics1_ens_v11.2", "eu/xsd/aes_ie507_xi", "uk/xsd/cds-2.15/wco"
# Our schema, and the official one by namespace and file: the first is included, the others imported before
# it. The order matters for CDS: an identifier is a string in the folder of declarations, a token in that of
# answers; one schema holds one definition, libxml2 keeps the first, and ours is that of declarations.
PAIRS: list[tuple[str, dict[str, str]]] = [
    ("ncts-p5/ncts-p5", {NCTS: "eu/xsd/ncts5_51.8.6/cc*.xsd"}),
    ("ncts-p5/ncts-p5", {NCTS: "eu/xsd/ncts5_51.8.6_extra/cc*.xsd"}),
    ("ncts-p6/ncts-p6", {NCTS: "eu/xsd/ncts6_60.4.16/cc*.xsd"}),
    ("ens/cc315a", {"http://ics.dgtaxud.ec/CC315A": f"{ICS}/CC315A-v11-2.xsd"}),
    ("ens/cc313a", {"http://ics.dgtaxud.ec/CC313A": f"{ICS}/CC313A-v11-2.xsd"}),
    ("ens/cc315a-gb", {"http://ics.dgtaxud.ec/CC315A": f"{ICS}/CC315A-v11-2-New.xsd"}),
    ("ens/cc313a-gb", {"http://ics.dgtaxud.ec/CC313A": f"{ICS}/CC313A-v11-2-New.xsd"}),
    ("aes-xi/cc507c", {"http://ecs.dgtaxud.ec": f"{AES}/EISSchema.xsd"}),
    ("aes-xi/submission", {"http://ecs.dgtaxud.ec": f"{AES}/AESSchema.xsd"}),
    (
        "cds/metadata",
        {
            MD: f"{CDS}/declaration/DocumentMetaData_2_DMS.xsd",
            DEC: f"{CDS}/declaration/WCO_DEC_2_DMS.xsd",
            RES: f"{CDS}/notification/WCO_RES_2_DMS.xsd",
        },
    ),
    ("cds/declaration", {DEC: f"{CDS}/declaration/WCO_DEC_2_DMS.xsd"}),
    (
        "cds/response",
        {RES: f"{CDS}/notification/WCO_RES_2_DMS.xsd", DEC: f"{CDS}/declaration/WCO_DEC_2_DMS.xsd"},
    ),
    (
        "cds/cancellation-metadata",
        {MD: f"{CDS}/declaration/CANCEL_METADATA.xsd", DEC: f"{CDS}/declaration/CANCEL.xsd"},
    ),
    ("cds/cancellation", {DEC: f"{CDS}/declaration/CANCEL.xsd"}),
]
BY_NAME = pytest.mark.parametrize(("name", "files"), PAIRS, ids=[next(iter(f.values())) for _, f in PAIRS])


@BY_NAME
def test_corpus_verdicts_agree(name: str, files: dict[str, str], corpus: Path, repository: Path) -> None:
    """Every message with one of the schema's roots, and mutations of the valid ones."""
    comparison = Comparison(name, files, corpus, repository)
    for message_name, message in messages_below(comparison.messages, comparison.roots):
        comparison.compare(message_name, message)
    comparison.conclude(name)


@BY_NAME
def test_filled_verdicts_agree(
    name: str, files: dict[str, str], corpus: Path, repository: Path, candidates: list[str]
) -> None:
    """Messages made up from the tables, from bare to full, and mutations of them."""
    comparison = Comparison(name, files, corpus, repository)
    filler = Filler(comparison.tables, comparison.tables.schemas[name.rpartition("/")[2]], candidates)
    for root in sorted(comparison.roots):
        for number in range(max(len(FULLNESS), FILLED_MESSAGES // len(comparison.roots))):
            seed = f"{name} {root} {number}"
            fullness = FULLNESS[number % len(FULLNESS)]
            comparison.compare(seed, filler.message(root, random.Random(seed), fullness))
    comparison.conclude(f"{name}, filled")
    assert comparison.valid > comparison.messages_seen * 0.9, "too few of the made-up messages are valid"


@pytest.fixture(scope="module")
def candidates(corpus: Path) -> list[str]:
    texts = texts_below([corpus / "eu" / "messages", corpus / "uk" / "messages"])
    return [*ODD_VALUES, "INV", *random.Random("texts").sample(texts, min(len(texts), 1500))]


class Comparison:
    """Two schemas side by side, with what has been compared so far."""

    def __init__(self, name: str, files: dict[str, str], corpus: Path, repository: Path) -> None:
        set_id, _, schema = name.partition("/")
        self.tables: SchemaTables = load_tables(repository / "schemas" / "tables" / set_id)
        self.ours = etree.XMLSchema(etree.parse(repository / "schemas" / "xsd" / f"{name}.xsd"))
        self.official = official_schema(corpus, files)
        self.messages = corpus / ("uk" if set_id == "cds" else "eu") / "messages"
        self.roots = frozenset(self.tables.schemas[schema].roots)
        first = next(iter(files.values()))
        if "*" in first:
            self.roots &= {path.stem.upper() for path in corpus.glob(first)}
        self.messages_seen = self.valid = self.mutated = self.mutated_valid = 0
        self.disagreements: list[str] = []

    def compare(self, name: str, message: etree._Element) -> None:
        self.messages_seen += 1
        verdict = self._same_verdict(name, message)
        self.valid += verdict
        for number in range(MUTATIONS if verdict else 0):
            change, mutation = mutate(message, f"{name} {number}")
            self.mutated += 1
            self.mutated_valid += self._same_verdict(f"{name} {number} {change}", mutation)

    def _same_verdict(self, name: str, message: etree._Element) -> bool:
        verdict = bool(self.official.validate(message))
        if self.ours.validate(message) != verdict:
            log = self.ours.error_log if verdict else self.official.error_log
            self.disagreements.append(f"{name}: official {verdict}: {log[0].message}")
        return verdict

    def conclude(self, name: str) -> None:
        print(
            f"{name}: {self.messages_seen} messages, {self.valid} valid; "
            f"{self.mutated} mutations, {self.mutated_valid} valid; {len(self.disagreements)} disagreements"
        )
        assert self.messages_seen
        assert not self.disagreements, "\n".join(self.disagreements[:20])


def official_schema(corpus: Path, files: dict[str, str]) -> etree.XMLSchema:
    """The official schema, through a wrapper that includes and imports its files."""
    (namespace, pattern), *imports = files.items()
    lines = [
        f'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="{namespace}">',
        *(f'<xs:import namespace="{uri}" schemaLocation="{(corpus / file).as_uri()}"/>' for uri, file in imports),
        *(f'<xs:include schemaLocation="{path.as_uri()}"/>' for path in sorted(corpus.glob(pattern))),
        "</xs:schema>",
    ]
    return etree.XMLSchema(etree.fromstring("".join(lines)))


def messages_below(folder: Path, roots: frozenset[str]) -> Iterator[tuple[str, etree._Element]]:
    """Well-formed messages whose root, or for CDS the declaration or response in it, is wanted."""
    for path in sorted(folder.rglob("*.xml")):
        try:
            message = etree.parse(path).getroot()
        except etree.XMLSyntaxError:
            continue
        for part, element in parts(message):
            if etree.QName(element).localname in roots:
                yield f"{path.parent.name}/{path.name}{part}", element


def parts(message: etree._Element) -> Iterator[tuple[str, etree._Element]]:
    """The message itself; a WCO one that lost its namespaces also with them put back; what it wraps."""
    yield "", message
    if etree.QName(message).localname != "MetaData":
        return
    whole = message
    if message.tag == "MetaData":
        whole = copy.deepcopy(message)
        put_back_namespaces(whole)
        yield " with namespaces", whole
    for child in whole:
        if isinstance(child.tag, str) and etree.QName(child).localname in ("Declaration", "Response"):
            yield f" {etree.QName(child).localname}", copy.deepcopy(child)


def put_back_namespaces(whole: etree._Element) -> None:
    """Qualify every unqualified element as the CDS notifications do."""
    for element in whole.iter(etree.Element):
        if element.tag.startswith("{"):
            continue
        parent = element.getparent()
        above = etree.QName(parent).namespace if parent is not None else MD
        namespace = {"Response": RES}.get(element.tag, above)
        if element.tag == "Declaration" and parent is not None:
            in_answer = etree.QName(parent).localname == "Response" and parent.find(f"{{{RES}}}Declaration") is None
            namespace = RES if in_answer else DEC
        elif element.tag == "DateTimeString":
            namespace = DS if above == DEC else RS
        element.tag = f"{{{namespace}}}{element.tag}"
