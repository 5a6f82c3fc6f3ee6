"""Answers of ports and transports: every one of the corpus decodes; broken and huge ones cost linear time."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from casrules import Engine
from casrules.findings import Report

HEAD = b"UNB+UNOC:3+R+S+250201:0901+77'UNH+1+CONTRL:4:1:UN'UCI+IC1+S+R+7'UCM+1+CUSDEC:D:96B:UN+4'"
REQUESTS = ("ile_consolidation_cst.xml", "ile_movement_eal.xml", "ile_movement_edl.xml", "ile_query_request.xml",
            "ili_goods_arrival.xml", "inventory_linking_exports_errors.json")  # fmt: skip
"""What is no answer: messages that go out, and the list of codes."""

EDIFACT = {
    "aperak_d96a_edinet.edi": ("edifact.aperak", {"decode.damaged_answer": 4}),
    "baplie_d04b_apimeister.edi": ("port.bay_plan", {"port.PORT.CONTAINER_INVALID": 1}),
    "coprar_d95b_apimeister.edi": ("port.load_list", {"port.PORT.CONTAINER_INVALID": 1, "decode.damaged_answer": 2}),
    "iftmin_invoic_d96a_mixed_edinet.edi": ("transport.instruction", {"decode.damaged_answer": 7}),
    "iftsta_d00b_apimeister.edi": (
        "transport.status",
        {"transport.PORT.CONTAINER_INVALID": 1, "decode.damaged_answer": 1},
    ),
}


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine()


def rules(report: Report) -> dict[str, int]:
    return dict(Counter(violation.rule for violation in report.violations))


@pytest.mark.corpus
def test_every_answer_of_the_corpus_decodes(engine: Engine, corpus: Path) -> None:
    kinds: Counter[str] = Counter()
    unknown = []
    for path in sorted((corpus / "pcs").glob("*/*")):
        if path.name in REQUESTS:
            continue
        report = engine.decode(path.read_bytes())
        assert report.answer is not None and not report.system_errors, path.name
        kinds[report.answer.shape or "unknown"] += 1
        if not report.answer.shape:
            unknown.append(path.name)
    print("\n" + "\n".join(f"{count:3} {kind}" for kind, count in sorted(kinds.items())))
    assert unknown == [] and sum(kinds.values()) == 7


@pytest.mark.corpus
@pytest.mark.parametrize("name", EDIFACT)
def test_what_the_samples_of_edifact_say(engine: Engine, corpus: Path, name: str) -> None:
    report = engine.decode((corpus / "pcs" / "edifact" / name).read_bytes())
    assert report.answer is not None
    assert (report.answer.shape, rules(report)) == EDIFACT[name]
    assert report.verdict.outcome == "undetermined"


@pytest.mark.corpus
def test_the_digit_of_a_container_is_told(engine: Engine, corpus: Path) -> None:
    told = {
        "coprar_d95b_apimeister.edi": ("MSTI6415664", "it would be 0"),
        "iftsta_d00b_apimeister.edi": ("TRHU4561222", "it would be 5"),
    }
    for name, (value, said) in told.items():
        report = engine.decode((corpus / "pcs" / "edifact" / name).read_bytes())
        (found,) = [one for one in report.violations if one.rule.endswith("PORT.CONTAINER_INVALID")]
        assert found.reported is not None and found.reported.value == value and said in found.message.text


def test_every_truncation_and_every_lost_segment_is_told(engine: Engine) -> None:
    whole = HEAD + b"UCS+3'UCD+12+3'UNT+6+1'UNZ+1+77'"
    assert rules(engine.decode(whole)) == {"transport.EDIFACT.0085.12": 1}
    for end in range(10, len(whole) - 1):
        report = engine.decode(whole[:end])
        assert report.violations and report.verdict.outcome != "accept", whole[:end]
    segments = whole.split(b"'")[:-1]
    for left_out in range(1, len(segments)):
        content = b"'".join([*segments[:left_out], *segments[left_out + 1 :]]) + b"'"
        assert "decode.damaged_answer" in rules(engine.decode(content)), segments[left_out]


HOSTILE: dict[str, bytes] = {
    "absurd counts": HEAD
    + b"UCS+"
    + b"9" * 500
    + b"'UCD+12+"
    + b"9" * 99
    + b":8'UNT+"
    + b"9" * 99
    + b"+1'UNZ+"
    + b"9" * 99
    + b"+77'",
    "other characters": HEAD.replace(b"UNOC", b"UNOA") + b"UCS+3+\xff\xfe'",
    "characters nobody knows": HEAD.replace(b"UNOC", b"UNO9"),
    "service characters": b"UNA''''''" + HEAD,
    "sixteen bits": HEAD.decode().encode("utf-16"),
    "one segment without an end": b"UNB+UNOC:3+" + b"A" * 2_000_000,
    "separators": b"UNB" + b"+" * 200_000 + b"'",
    "components": b"UNB+" + b":" * 200_000 + b"'",
    "releases": b"UNB+" + b"?" * 200_001 + b"'",
    "headers only": b"UNB+UNOC:3+R+S+250201:0901+77'" + b"UNH+1+CONTRL'" * 3_000,
    "headers of http": b"HTTP/1.1 503 x\r\n" + b"a: b\r\n" * 100_000 + b"\r\nbody",
    "answers on the way": b"HTTP/1.1 100 Continue\r\n\r\n" * 10_000,
    "boundaries": b"--b\n" * 100_000,
    "a log": b"nothing here, nothing there\n" * 100_000 + b"Read timed out",
    "nul": b"\x01\x02connection reset",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_answers_give_a_finding(engine: Engine, name: str) -> None:
    begun = time.process_time()
    report = engine.decode(HOSTILE[name])
    assert report.violations and not report.system_errors and report.verdict.outcome != "accept"
    assert time.process_time() - begun < 10


def _errors(count: int) -> bytes:
    body = b"".join(b"UCS+%d'UCD+12+3'" % number for number in range(1, count + 1))
    return HEAD + body + b"UNT+%d+1'UNZ+1+77'" % (2 * count + 4)


def _original(count: int) -> bytes:
    body = b"LOC+35+XX'" * count
    return b"UNB+UNOC:3+S+R+1:1+IC1'UNH+1+CUSDEC:D:96B:UN'" + body + b"UNT+%d+1'UNZ+1+IC1'" % (count + 2)


def test_fifty_thousand_segments_give_findings_in_linear_time(engine: Engine) -> None:
    begun = time.process_time()
    assert engine.decode(_errors(25_000)).totals.errors == 25_000
    whole = time.process_time() - begun
    large = best_of(2, lambda: engine.decode(_errors(6_000), original=_original(6_000)))
    small = best_of(2, lambda: engine.decode(_errors(1_500), original=_original(1_500)))
    print(f"\n50,000 segments {whole:.2f} s; 12,000 {large:.2f} s, 3,000 {small:.2f} s: {large / small:.1f} times")
    assert large < 8 * small


def best_of(times: int, run: Callable[[], object]) -> float:
    found = []
    for _ in range(times):
        begun = time.process_time()
        run()
        found.append(time.process_time() - begun)
    return min(found)
