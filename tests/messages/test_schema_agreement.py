"""Our schemas give the verdict of the official ones, on every message of the corpus and on mutations of it.

`CASRULES_MUTATIONS` sets the number of mutations a valid message gets (20 in a full run; the default keeps the run
short). Every mutation is seeded by the message's name and its number, so that a disagreement can be repeated.
"""

from __future__ import annotations

import copy
import os
import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from lxml import etree

pytestmark = pytest.mark.corpus
MUTATIONS = int(os.environ.get("CASRULES_MUTATIONS", "20"))
MD, DEC, RES, DS, RS = (
    "urn:wco:datamodel:WCO:DocumentMetaData-DMS:2",
    "urn:wco:datamodel:WCO:DEC-DMS:2",
    "urn:wco:datamodel:WCO:RES-DMS:2",
    "urn:wco:datamodel:WCO:Declaration_DS:DMS:2",
    "urn:wco:datamodel:WCO:Response_DS:DMS:2",
)
CDS = "uk/xsd/cds-2.15/wco"
# What each of our schemas is held against: root elements, official files (namespace: file), messages below.
PAIRS: dict[str, tuple[str, dict[str, str], str]] = {
    "ncts-p5/ncts-p5": ("CC", {"http://ncts.dgtaxud.ec": "eu/xsd/ncts5_51.8.6/*cc*.xsd"}, "eu/messages"),
    "ncts-p5/ncts-p5 140 141": ("CC14", {"http://ncts.dgtaxud.ec": "eu/xsd/ncts5_51.8.6_extra/cc*.xsd"}, "eu/messages"),
    "ncts-p6/ncts-p6": ("CC", {"http://ncts.dgtaxud.ec": "eu/xsd/ncts6_60.4.16/cc*.xsd"}, "eu/messages"),
    "ens/cc315a": ("CC315A", {"": "eu/xsd/ics1_ens_v11.2/CC315A-v11-2.xsd"}, "eu/messages"),
    "ens/cc313a": ("CC313A", {"": "eu/xsd/ics1_ens_v11.2/CC313A-v11-2.xsd"}, "eu/messages"),
    "ens/cc315a-gb": ("CC315A", {"": "eu/xsd/ics1_ens_v11.2/CC315A-v11-2-New.xsd"}, "eu/messages"),
    "ens/cc313a-gb": ("CC313A", {"": "eu/xsd/ics1_ens_v11.2/CC313A-v11-2-New.xsd"}, "eu/messages"),
    "aes-xi/cc507c": ("CC507C", {"": "eu/xsd/aes_ie507_xi/EISSchema.xsd"}, "eu/messages"),
    "aes-xi/submission": ("Submission", {"": "eu/xsd/aes_ie507_xi/AESSchema.xsd"}, "eu/messages"),
    "cds/metadata": (
        "MetaData",
        {
            MD: f"{CDS}/declaration/DocumentMetaData_2_DMS.xsd",
            DEC: f"{CDS}/declaration/WCO_DEC_2_DMS.xsd",
            RES: f"{CDS}/notification/WCO_RES_2_DMS.xsd",
        },
        "uk/messages",
    ),
    "cds/declaration": ("Declaration", {"": f"{CDS}/declaration/WCO_DEC_2_DMS.xsd"}, "uk/messages"),
    "cds/response": ("Response", {"": f"{CDS}/notification/WCO_RES_2_DMS.xsd"}, "uk/messages"),
    "cds/cancellation-metadata": (
        "MetaData",
        {MD: f"{CDS}/declaration/CANCEL_METADATA.xsd", DEC: f"{CDS}/declaration/CANCEL.xsd"},
        "uk/messages",
    ),
    "cds/cancellation": ("Declaration", {"": f"{CDS}/declaration/CANCEL.xsd"}, "uk/messages"),
}


@pytest.mark.parametrize("pair", PAIRS)
def test_verdicts_agree(pair: str, corpus: Path, repository: Path, record_property: Callable[..., None]) -> None:
    root, official_files, folder = PAIRS[pair]
    ours = etree.XMLSchema(etree.parse(repository / "schemas" / "xsd" / f"{pair.partition(' ')[0]}.xsd"))
    official = official_schema(corpus, official_files)
    disagreements: list[str] = []
    messages = valid = mutated = still_valid = 0
    for name, message in messages_below(corpus / folder, root):
        messages += 1
        verdict = official.validate(message)
        if ours.validate(message) != verdict:
            disagreements.append(f"{name}: official {verdict}, {first_error(official, ours)}")
        valid += verdict
        for number in range(MUTATIONS if verdict else 0):
            mutated += 1
            change, mutation = mutate(message, f"{name} {number}")
            verdict_then = official.validate(mutation)
            still_valid += verdict_then
            if ours.validate(mutation) != verdict_then:
                disagreements.append(f"{name} {number} {change}: official {verdict_then}, {first_error(official, ours)}")
    record_property("counts", f"{messages} messages, {valid} valid, {mutated} mutations, {still_valid} still valid")
    print(f"{pair}: {messages} messages, {valid} valid, {mutated} mutations, {still_valid} of them valid")
    assert messages
    assert not disagreements, f"{len(disagreements)} disagreements:\n" + "\n".join(disagreements[:20])


def official_schema(corpus: Path, files: dict[str, str]) -> etree.XMLSchema:
    """The official schema, of one file or through a wrapper that includes and imports several."""
    (namespace, pattern), *imports = files.items()
    found = sorted(corpus.glob(pattern))
    if not namespace:
        return etree.XMLSchema(etree.parse(found[0]))
    parts = "".join(f'<xs:include schemaLocation="{path.as_uri()}"/>' for path in found)
    parts += "".join(f'<xs:import namespace="{uri}" schemaLocation="{(corpus / file).as_uri()}"/>' for uri, file in imports)
    head = f'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="{namespace}">'
    return etree.XMLSchema(etree.fromstring(f"{head}{parts}</xs:schema>"))


def messages_below(folder: Path, root: str) -> Iterator[tuple[str, etree._Element]]:
    """Well-formed messages whose root element, or for CDS the declaration or response inside it, is wanted."""
    for path in sorted(folder.rglob("*.xml")):
        try:
            message = etree.parse(path).getroot()
        except etree.XMLSyntaxError:
            continue
        for part, element in parts(message):
            if etree.QName(element).localname.startswith(root):
                yield f"{path.parent.name}/{path.name}{part}", element


def parts(message: etree._Element) -> Iterator[tuple[str, etree._Element]]:
    """The message itself, with its namespaces put back if it is a WCO one that lost them, and what it wraps."""
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
    for element in whole.iter(etree.Element):
        if element.tag.startswith("{"):
            continue
        parent = element.getparent()
        above = etree.QName(parent).namespace if parent is not None else MD
        namespace = {"Response": RES}.get(element.tag, above)
        if element.tag == "Declaration":
            namespace = DEC
        elif element.tag == "DateTimeString":
            namespace = DS if above == DEC else RS
        element.tag = f"{{{namespace}}}{element.tag}"


def first_error(*schemas: etree.XMLSchema) -> str:
    return next((str(schema.error_log[0].message) for schema in schemas if len(schema.error_log)), "no error")


def mutate(message: etree._Element, seed: str) -> tuple[str, etree._Element]:
    """A copy of the message with one seeded change, and the name of the change."""
    chance = random.Random(seed)
    mutation = copy.deepcopy(message)
    elements = list(mutation.iter(etree.Element))
    element = chance.choice(elements[1:] or elements)
    if chance.random() < 0.4:
        element = chance.choice([each for each in elements if not len(each)])
    change = chance.choice(CHANGES)
    change(element, elements, chance)
    return f"{change.__name__} {etree.QName(element).localname}", mutation


Change = Callable[[etree._Element, list[etree._Element], random.Random], None]


def remove(element: etree._Element, elements: list[etree._Element], chance: random.Random) -> None:
    if element.getparent() is not None:
        element.getparent().remove(element)


def repeat(element: etree._Element, elements: list[etree._Element], chance: random.Random) -> None:
    for _ in range(chance.choice((1, 1, 8, 9, 98, 99) if len(element) < 4 else (1, 8))):
        element.addnext(copy.deepcopy(element)) if element.getparent() is not None else None


def move(element: etree._Element, elements: list[etree._Element], chance: random.Random) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.insert(chance.randrange(len(parent)), element)


def adopt(element: etree._Element, elements: list[etree._Element], chance: random.Random) -> None:
    element.insert(chance.randrange(len(element) + 1), copy.deepcopy(chance.choice(elements[1:] or elements)))


def rename(element: etree._Element, elements: list[etree._Element], chance: random.Random) -> None:
    element.tag = chance.choice((element.tag + "x", element.tag.lower(), chance.choice(elements).tag))


def other_namespace(element: etree._Element, elements: list[etree._Element], chance: random.Random) -> None:
    name = etree.QName(element).localname
    namespace = chance.choice((None, "urn:unknown", etree.QName(chance.choice(elements)).namespace))
    element.tag = f"{{{namespace}}}{name}" if namespace else name


def other_value(element: etree._Element, elements: list[etree._Element], chance: random.Random) -> None:
    element.text = chance.choice([each for each in elements if not len(each)]).text


def odd_value(element: etree._Element, elements: list[etree._Element], chance: random.Random) -> None:
    element.text = chance.choice(ODD_VALUES)


def too_long(element: etree._Element, elements: list[etree._Element], chance: random.Random) -> None:
    text = element.text or "7"
    element.text = (text * 600)[: chance.choice((len(text) + 1, chance.randrange(1, 60), chance.randrange(60, 600)))]


def nudge(element: etree._Element, elements: list[etree._Element], chance: random.Random) -> None:
    text = element.text or ""
    at = chance.randrange(len(text) + 1)
    new = chance.choice(("", "0", "9", "Z", "a", " ", ".", "-", "é", "\n", chance.choice("0123456789ABCJKLMZ")))
    element.text = text[:at] + new + text[at + chance.choice((0, 1)) :]


def empty(element: etree._Element, elements: list[etree._Element], chance: random.Random) -> None:
    for child in list(element) if chance.random() < 0.5 else ():
        element.remove(child)
    element.text = None


def attribute(element: etree._Element, elements: list[etree._Element], chance: random.Random) -> None:
    holders = [each for each in elements if each.attrib]
    if holders and chance.random() < 0.7:
        holder = chance.choice(holders)
        name = chance.choice(list(holder.attrib))
        if chance.random() < 0.3:
            del holder.attrib[name]
        else:
            holder.set(name, chance.choice((*ODD_VALUES, "304", "102", "NCTS5.0", "NCTS5.1", "NCTS6", "KGM", "GBP")))
        return
    element.set(chance.choice(("unknown", "PhaseID", "unitCode", "currencyID", "listID")), "1")


CHANGES: tuple[Change, ...] = (
    remove,
    repeat,
    move,
    adopt,
    rename,
    other_namespace,
    other_value,
    odd_value,
    too_long,
    nudge,
    nudge,
    empty,
    attribute,
)
ODD_VALUES = (
    *("", " ", "0", "00", "1", "-1", "+1", "01", "9", "10", "99", "100", "999", "1000", "9999", "99999"),
    *("1.5", "0.0", "1.", ".5", "1E3", "123456789012345678", "0.1234567", "12345678901234.56", "NaN"),
    *("A", "a", "AB", "GB", "XX", "EUR", "true", "false", " A ", "A  B", "é", "Å" * 5, "0" * 8, "GB000060"),
    *("2024-01-01", "2024-02-30", "2024-01-01T10:00:00", "2024-01-01T10:00:00Z", "2024-01-01T10:00:00.5", "20240101"),
    *("202401011000", "20240101100000Z", "10:00", "24GB00006010025F79", "24GB0000601002J5K7", "23GB0000601002J5K7"),
    *("12345678", "1234567890", "x" * 17, "x" * 35, "x" * 36, "x" * 70, "x" * 512, "x" * 513, "a@b.c", "@", "a@b"),
)
