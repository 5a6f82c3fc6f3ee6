"""What scopes can name, and the error for what they cannot."""

from __future__ import annotations

from pathlib import Path

import pytest

from casrules.dictionary import shipped_dictionary
from casrules.errors import RuleError
from casrules.messages.family import Families
from casrules.packs import load_pack, shipped_code_lists
from casrules.resources import schemas_folder
from casrules.rules.compiling import checked
from casrules.rules.known_scopes import known_scopes

MANIFEST = "id: made.up\ntitle: Made up\nversion: 1.0.0\n"
RULE = """topic: A
rules:
  - id: A1
    title: A title
    scope: {%s}
    for: item
    require: item.number > 0
    message: "{item.number}"
"""


def test_every_message_and_phase_of_the_families_can_be_named() -> None:
    known = known_scopes(Families.load(schemas_folder() / "families"))
    assert {"ncts.CC015C", "cds.IMPORT"} <= known["message"]
    assert {"P5", "P6"} <= known["phase"]
    assert {"declaration", "amendment"} <= known["role"]
    assert {"transit", "export", "import", "entry"} == known["flow"]
    assert known["family"] >= {"ncts", "aes"}
    assert known["jurisdiction"] >= {"EU"}


@pytest.mark.parametrize(
    ("scope", "problem", "remedy"),
    [
        ("message: ncts.CC15C", "there is no message 'ncts.CC15C'", "did you mean 'ncts.CC015C'?"),
        ("phase: [P5, P9]", "there is no phase 'P9'", "did you mean"),
        ("flow: transport", "there is no flow 'transport'", "did you mean 'transit'?"),
    ],
)
def test_a_scope_that_names_nothing_is_an_error_at_its_line(
    tmp_path: Path, scope: str, problem: str, remedy: str
) -> None:
    (tmp_path / "pack.yaml").write_text(MANIFEST, encoding="utf-8")
    (tmp_path / "a.yaml").write_text(RULE % scope, encoding="utf-8")
    with pytest.raises(RuleError) as caught:
        checked([load_pack(tmp_path)], shipped_dictionary(), shipped_code_lists())
    assert problem in caught.value.problem
    assert remedy in caught.value.remedy
    assert caught.value.place is not None and caught.value.place.line == 5
