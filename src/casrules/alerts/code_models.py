"""The format of `rulesets/errors/codes/*.yaml`: what the codes of one list mean, and what to do about them."""

from __future__ import annotations

from pydantic import Field

from casrules.alerts.examining import Examined
from casrules.findings import Cause
from casrules.findings.violation import Category
from casrules.packs.models import PackModel, Texts


class CodeEntry(PackModel):
    """One code in our own words.

    `meaning` is a sentence or two for a declarant; `check` what to look at first; `alternatives` other ways than the
    remedy; `with` codes that usually come with it; `rules` the rules of ours that say the same, where their own
    official codes do not tell; `category` the kind of mistake, where it is always one; `where` dictionary paths of what
    it is usually about, where the answer does not point at anything; `examine` a check of the value quoted, which says
    what is wrong with it.
    """

    title: str = Field(min_length=1)
    meaning: str = Field(min_length=1)
    causes: Texts = ()
    check: str = ""
    remedy: str = ""
    alternatives: Texts = ()
    cause: Cause = "message"
    beside: Texts = Field(default=(), alias="with")
    rules: Texts = ()
    category: Category | None = None
    where: Texts = ()
    examine: Examined = ""


class CodeFile(PackModel):
    """The codes of one list of one system, or of several systems that share it."""

    system: Texts
    list: str = Field(min_length=1)
    title: str = Field(min_length=1)
    source: str = Field(min_length=1)
    codes: dict[str, CodeEntry] = Field(min_length=1)
