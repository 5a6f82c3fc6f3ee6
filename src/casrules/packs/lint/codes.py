"""The P-codes, as `schemas/packs/lint.yaml` describes them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Literal

from pydantic import Field

from casrules.packs.model_errors import read_model
from casrules.packs.models import PackModel
from casrules.packs.yaml_text import read_yaml
from casrules.resources import schemas_folder

Level = Literal["error", "warning", "info"]


class LintCode(PackModel):
    """One kind of finding: its code and name, how bad it is, why it matters and what to do."""

    code: str = Field(pattern=r"^P[0-9]{3}$")
    name: str = Field(pattern=r"^[a-z_]+$")
    level: Level
    title: str
    why: str
    remedy: str


class _Codes(PackModel):
    codes: tuple[LintCode, ...]


@cache
def lint_codes() -> Mapping[str, LintCode]:
    """All P-codes by name, in order of code."""
    document = read_yaml(schemas_folder() / "packs" / "lint.yaml")
    codes = read_model(_Codes, document.lines).codes
    return MappingProxyType({code.name: code for code in sorted(codes, key=lambda code: code.code)})
