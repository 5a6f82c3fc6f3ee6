"""Alerts of entry summary declarations follow the text of the catalogue, beyond items and parties of its samples."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml
from lxml import etree

from casrules import Engine

from .documents import rows
from .ens_alerts import Alert, expected_alerts, found_alerts, unmatched
from .ens_messages import ITEMS, Message, element_orders, with_copied_item

HERE = Path(__file__).parent
MESSAGES = ("CC315A", "CC313A")
BOTH_KINDS = ("ens_cc315a_rules", "ens_cc313a_rules")
ITEM = re.compile(r"/CC31[35]A/GOOITEGDS(\[(?P<number>[0-9]+)\])?(?=/|$)")
LIMIT_OF_ITEMS = 999
MODE = "HEAHEA/TraModAtBorHEA76"
LEAST_COPIES = 300
OF_LIMITS = {"8611", "8612", "8617"}
"""How often a group may occur: `test_groups_are_limited`, and the test of the number of items."""
NAME_AND_ADDRESS = ("Alpine Tools", "Main Street 1", "3000", "Bern", "CH")
"""Name, street, postcode, city, country, in the order of the lists of `ens_parties.yaml`."""


@dataclass(frozen=True)
class Variation:
    """Edits of a message without a fault, and the alerts they bring."""

    message: str
    edits: dict[str, Any]
    expected: tuple[Alert, ...] = field(default=())

    def source(self) -> bytes:
        """The edited message."""
        message = Message(self.message, element_orders())
        for path in self.edits.get("remove", ()):
            message.remove(path)
        for path, value in self.edits.get("set", {}).items():
            message.set(path, value)
        for parent, name, value in self.edits.get("add", ()):
            message.add(parent, name, value)
        return message.source()

    def __str__(self) -> str:
        alerts = ", ".join(f"{alert.code} {alert.place}" for alert in self.expected)
        return f"{self.message} {self.edits} expects {alerts or 'nothing'}"


def written() -> Iterator[Variation]:
    """The variations of `ens_variations.yaml`, each for both kinds of messages unless it names one."""
    for row in yaml.safe_load((HERE / "ens_variations.yaml").read_text(encoding="utf-8")):
        alerts = [alert.split(" ") for alert in row.get("expect", ())]
        edits = {key: row[key] for key in ("set", "remove", "add") if key in row}
        for message in row.get("messages", MESSAGES):
            expected = (Alert(code, f"/{message}{place}".rstrip("/")) for code, place in alerts)
            yield Variation(message, edits, tuple(expected))


def of_parties() -> Iterator[Variation]:
    """Each party with one detail too few or too many, at the last goods item where items have the party."""
    for row in yaml.safe_load((HERE / "ens_parties.yaml").read_text(encoding="utf-8")):
        place = row["party"].format(ITEMS)
        before = {"set": row.get("set", {}), "remove": row.get("remove", [])}
        details = dict(zip(row["fields"], NAME_AND_ADDRESS, strict=True))
        for message in MESSAGES:
            for name, value in details.items():
                index = row["fields"].index(name)
                rest = {other: text for other, text in details.items() if other != name}
                kinds = (
                    ("missing", {}, rest),
                    ("foreign", {row["tin"]: "FR12345678901234"}, rest),
                    ("british", {row["tin"]: "GB444555666000"}, {name: value}),
                )
                for kind, number, given in kinds:
                    if kind in row:
                        where = f"/{message}/{place}/{name}" if kind == "british" else f"/{message}/{place}"
                        yield _party(message, before, place, number, given, Alert(row[kind][index], where))
            if "missing" in row:
                yield _party(message, before, place, {}, details)
                yield _party(message, before, place, {row["tin"]: "XI444555666000"}, details)


def _party(
    message: str, before: dict[str, Any], place: str, number: dict[str, str], given: dict[str, str], *expected: Alert
) -> Variation:
    parent, _, name = place.rpartition("/")
    others = {path: value for path, value in before["set"].items() if not path.startswith(f"{place}/")}
    edits = {"remove": [*before["remove"], place], "set": others, "add": [(parent, name, {**given, **number})]}
    return Variation(message, edits, expected)


VARIATIONS = [*written(), *of_parties()]


@pytest.mark.parametrize("variation", VARIATIONS, ids=str)
def test_alerts_follow_the_text(engine: Engine, variation: Variation) -> None:
    report = engine.validate(variation.source())
    assert unmatched(variation.expected, found_alerts(report)) == []
    if not variation.expected:
        assert [str(finding) for finding in report.errors] == []


@pytest.mark.parametrize("message", MESSAGES)
@pytest.mark.parametrize(
    ("group", "before", "limit", "alert"),
    [
        ("<IDEMEATRAGI970><IdeMeaTraGIMEATRA971>W1</IdeMeaTraGIMEATRA971></IDEMEATRAGI970>", "<PACGS2>", 999, "8612"),
        ("<SEAID529><SeaIdSEAID530>S1</SeaIdSEAID530></SEAID529>", "<CUSOFFFENT730>", 9999, "8617"),
    ],
    ids=["means of transport of an item", "seals"],
)
def test_groups_are_limited(engine: Engine, message: str, group: str, before: str, limit: int, alert: str) -> None:
    edits = {"remove": ["HEAHEA/IdeOfMeaOfTraCroHEA85", "HEAHEA/NatOfMeaOfTraCroHEA87"], "set": {MODE: "2"}}
    source = Variation(message, edits).source().decode()
    start, end = source.rsplit(before, 1)
    for count, expected in ((limit, False), (limit + 1, True)):
        found = found_alerts(engine.validate(f"{start}{group * count}{before}{end}".encode()))
        assert (alert in {one.code for one in found}) is expected


@pytest.mark.corpus
def test_every_code_of_the_catalogue_is_varied(corpus: Path) -> None:
    catalogue = {row["error_code"] for row in rows(corpus / "eu/rules/ens_alert_catalogue.csv")}
    assert {alert.code for variation in VARIATIONS for alert in variation.expected} == catalogue - OF_LIMITS


@pytest.mark.corpus
def test_a_further_item_like_another_brings_the_alerts_of_that_one(corpus: Path, engine: Engine) -> None:
    """Metamorphic: a copy of item n as the last one, totals raised, has the alerts of item n, and the rest stays."""
    compared = []
    for path in _pairs(corpus):
        root, expected = etree.parse(path).getroot(), tuple(expected_alerts(path))
        count = len(root.findall("GOOITEGDS"))
        for index in range(min(count, ITEMS)):
            message = with_copied_item(root, index) if count < LIMIT_OF_ITEMS else None
            if message is not None:
                further = _of_item(expected, etree.QName(root).localname, index, count)
                found = found_alerts(engine.validate(etree.tostring(message)))
                compared.append((path.name, index, unmatched((*expected, *further), found)))
    assert len(compared) > LEAST_COPIES
    assert "\n".join(str(one) for one in compared if one[-1]) == ""


def _pairs(corpus: Path) -> list[Path]:
    folder = corpus / "eu/messages"
    names = [row["file"] for row in rows(folder / "manifest.csv") if row["file"].split("/")[0] in BOTH_KINDS]
    return [folder / name for name in names]


def _of_item(alerts: tuple[Alert, ...], message: str, index: int, last: int) -> Iterator[Alert]:
    """The alerts of one goods item, as those of the item after the last."""
    for alert in alerts:
        match = ITEM.match(alert.place)
        if match and int(match["number"] or 1) == index + 1:
            yield Alert(alert.code, f"/{message}/GOOITEGDS[{last + 1}]{alert.place[match.end() :]}")
