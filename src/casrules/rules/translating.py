"""The texts of a rule in other languages, checked against the English ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from casrules.language import CheckedRule, Template, Text
from casrules.language.templates import translated
from casrules.packs import PackedRule
from casrules.packs.translations import Translation


@dataclass(frozen=True, slots=True)
class RuleWording:
    """The texts of one rule in one language, by branch where there is one for each; None or empty stays English."""

    title: str | None
    messages: tuple[Template | None, ...]
    remedies: tuple[str | None, ...]
    alternatives: tuple[Template, ...]


UNTRANSLATED: Final = RuleWording(None, (), (), ())


def rule_wordings(packed: PackedRule, checked: CheckedRule) -> Mapping[str, RuleWording]:
    """The rule's texts by language; RuleError, with file and line, for a placeholder the English text does not have."""
    return {lang: _wording(packed, checked, found) for lang, found in packed.translations.items()}


def _wording(packed: PackedRule, checked: CheckedRule, translation: Translation) -> RuleWording:
    texts = translation.texts
    messages: list[Template | None] = []
    remedies: list[str | None] = []
    for branch, found in zip(packed.rule.all_branches(), checked.branches, strict=True):
        own = texts.branches.get(branch.key)
        message = own.message if own is not None else texts.message
        at = ("branches", branch.key, "message") if own is not None else ("message",)
        english = found.message
        messages.append(translated(english, Text(message, translation.place(*at))) if message and english else None)
        # an English remedy of the branch is more to the point than a translated one of the whole rule
        remedies.append(own.remedy if own is not None and own.remedy else None if branch.remedy else texts.remedy)
    alternatives = tuple(
        translated(english, Text(text, translation.place("alternatives", number)))
        for number, (english, text) in enumerate(zip(checked.alternatives, texts.alternatives, strict=False))
    )
    return RuleWording(texts.title, tuple(messages), tuple(remedies), alternatives)
