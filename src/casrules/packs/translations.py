"""Texts of rules in other languages: `<topic>.<lang>.yaml` beside a topic file, by rule id and key."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final

from pydantic import BeforeValidator, Field

from casrules.errors import PackError, Place, RuleError
from casrules.packs.model_errors import FORMAT, near, read_model
from casrules.packs.models import PackModel, Rule, Texts
from casrules.packs.yaml_lines import Lines

ENGLISH: Final = "en"
"""The language of topic files, and of every text that has no translation."""
LANGUAGE: Final = r"^[a-z]{2}$"
_FILE: Final = re.compile(r"(?P<topic>[^.]+)\.(?P<lang>[a-z]{2})\.yaml")


def _message_alone(value: Any) -> Any:
    return {"message": value} if isinstance(value, str) else value


class BranchTexts(PackModel):
    """The texts of one branch; a text alone is its message."""

    message: str | None = None
    remedy: str | None = None


class RuleTexts(PackModel):
    """The texts of one rule in one language; what is left out stays English. `of` says what was translated."""

    of: str = Field(default="", pattern=r"^([0-9a-f]{8})?$")
    title: str | None = None
    message: str | None = None
    remedy: str | None = None
    branches: dict[
        str, Annotated[BranchTexts, BeforeValidator(_message_alone, json_schema_input_type=str | BranchTexts)]
    ] = Field(default_factory=dict)
    alternatives: Texts = ()


class TranslationFile(PackModel):
    """A file of texts in one language, by rule id."""

    translations: dict[str, RuleTexts] = Field(min_length=1)


@dataclass(frozen=True, slots=True)
class Translation:
    """A rule's texts in one language, and where they stand."""

    rule: str
    texts: RuleTexts
    lines: Lines

    def place(self, *path: str | int) -> Place:
        """File and line of a text: `place("title")`, `place("branches", "too_few", "message")`."""
        return self.lines.place("translations", self.rule, *path)


def translated_topic(name: str) -> tuple[str, str] | None:
    """Topic file and language of a file of translations: `masses.de.yaml` → `masses.yaml`, `de`; else None."""
    found = _FILE.fullmatch(name)
    return (f"{found['topic']}.yaml", found["lang"]) if found and found["lang"] != ENGLISH else None


def english_digest(rule: Rule) -> str:
    """Eight hexadecimal digits that change with any English text of the rule: what a translation is `of`."""
    branches = [(branch.key, branch.message, branch.remedy) for branch in rule.all_branches()]
    texts = [rule.title, rule.remedy, branches, list(rule.alternatives)]
    return hashlib.sha256(json.dumps(texts).encode()).hexdigest()[:8]


def read_translations(lines: Lines, rules: Mapping[str, Rule], pack: Collection[str]) -> dict[str, Translation]:
    """The translations in a file by id of `rules`, those of its topic; `pack` are the ids of the whole pack.

    Raises PackError or RuleError, with file and line, for a rule or branch that is not there, and for texts the rule
    does not have.
    """
    file = read_model(TranslationFile, lines)
    found = {name: Translation(name, texts, lines) for name, texts in file.translations.items()}
    for name, translation in found.items():
        if name not in rules:
            elsewhere = "the rule is in another topic of the pack: move the texts beside it"
            remedy = elsewhere if name in pack else near(name, rules)
            raise PackError(f"there is no rule {name!r} to translate", place=translation.place(), remedy=remedy)
        _check_keys(translation, rules[name])
    return found


def _check_keys(translation: Translation, rule: Rule) -> None:
    texts = translation.texts
    keys = [branch.key for branch in rule.branches]
    for key in texts.branches:
        if key not in keys:
            problem = f"{rule.id} has no branch {key!r}"
            raise RuleError(problem, place=translation.place("branches", key), remedy=near(key, keys))
    if texts.message is not None and rule.branches:
        problem = f"{rule.id} has a message for each branch"
        remedy = f"translate them under `branches`: {', '.join(keys)}"
        raise RuleError(problem, place=translation.place("message"), remedy=remedy)
    if texts.alternatives and len(texts.alternatives) != len(rule.alternatives):
        problem = f"{rule.id} has {len(rule.alternatives)} alternatives, {len(texts.alternatives)} are translated"
        raise RuleError(problem, place=translation.place("alternatives"), remedy="translate each, in the same order")
    given = (texts.title, texts.message, texts.remedy, *texts.branches, *texts.alternatives)
    if not any(given):
        raise RuleError(f"no text of {rule.id} is translated", place=translation.place(), remedy=FORMAT)
