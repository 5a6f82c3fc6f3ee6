"""`casrules configure`, on a real message."""

from __future__ import annotations

from pathlib import Path

import pytest

from casrules.cli import main

TOPIC = """
configuration:
  - {id: dispatch, title: From Japan, for: item, mode: apply, default: {item.country_of_dispatch: JP}}
  - id: statement
    title: Confirm the statement on ozone
    for: item
    match: {item.number: = 1}
    message: "Item {item.number}: are the goods outside the ozone regulation?"
    add: {item.supporting_documents: {type: Y902}}
"""


@pytest.fixture
def acme(tmp_path: Path) -> Path:
    folder = tmp_path / "acme"
    folder.mkdir()
    (folder / "pack.yaml").write_text("id: acme\ntitle: Acme\nversion: 1.0.0\n")
    (folder / "topic.yaml").write_text(TOPIC)
    return folder


def test_what_would_change_is_shown_and_told(repository: Path, acme: Path, capsys: pytest.CaptureFixture[str]) -> None:
    message = repository / "examples/cds/import-h1.xml"
    before = message.read_bytes()
    assert main(["configure", str(message), "--rules", str(acme)]) == 1
    told = capsys.readouterr()
    assert told.out.count("+          <ID>JP</ID>") == 2
    assert "items[number=1].country_of_dispatch: nothing -> JP (acme.dispatch)" in told.err
    assert "Item 1: are the goods outside the ozone regulation? Confirm it" in told.err
    assert "1 error in the completed declaration" in told.err  # the country of dispatch stands at the header, too
    assert message.read_bytes() == before


def test_the_completed_message_goes_to_a_file(repository: Path, acme: Path, tmp_path: Path) -> None:
    target = tmp_path / "new.xml"
    main(["configure", str(repository / "examples/cds/import-h1.xml"), "--rules", str(acme), "-o", str(target)])
    assert target.read_bytes().count(b"<ID>JP</ID>") == 2


def test_an_answer_is_not_completed_and_told_apart(
    repository: Path, acme: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = str(repository / "examples/answers/import-h1-slips.xml")
    assert main(["configure", answer, "--rules", str(acme)]) == 3
    assert "casrules decode" in capsys.readouterr().err
    assert main(["fix", answer]) == 3
    assert "casrules decode" in capsys.readouterr().err


def test_without_rules_the_way_out_is_named(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["configure", str(repository / "examples/cds/import-h1.xml")]) == 2
    assert "--rules DIR" in capsys.readouterr().err


def test_rules_that_are_wrong_are_named_with_their_line(
    repository: Path, acme: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (acme / "topic.yaml").write_text(TOPIC.replace("add: {item.s", "mode: apply\n    add: {item.s"))
    assert main(["configure", str(repository / "examples/cds/import-h1.xml"), "--rules", str(acme)]) == 2
    told = capsys.readouterr().err
    assert "topic.yaml:4" in told and "a Y code states" in told and "write mode: ask" in told
