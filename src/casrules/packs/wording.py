"""What the library itself says inside messages, in other languages: `schemas/languages/<lang>.yaml`."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from pydantic import Field

from casrules.language.templates import ENGLISH as ENGLISH_WORDS
from casrules.language.templates import Words
from casrules.packs.model_errors import read_model
from casrules.packs.models import PackModel
from casrules.packs.yaml_text import read_yaml
from casrules.resources import schemas_folder


class OwnWords(PackModel):
    """The library's own words in one language; each is required, so that no sentence mixes languages."""

    not_given: str = Field(min_length=1)
    yes: str = Field(min_length=1)
    no: str = Field(min_length=1)
    characters: str = Field(min_length=1)


class WordingFile(PackModel):
    """The words of one language, and what it calls the entities that rules visit, by their English names."""

    words: OwnWords
    names: dict[str, str] = Field(default_factory=dict)


def read_words(path: Path) -> Words:
    """The words in one file; PackError with file and line for one that is missing or unknown."""
    found = read_model(WordingFile, read_yaml(path).lines)
    return Words(**found.words.model_dump(), names=found.names)


@cache
def words_in(lang: str) -> Words:
    """The library's words in a language; English where it has none of that language."""
    path = schemas_folder() / "languages" / f"{lang}.yaml"
    return read_words(path) if path.is_file() else ENGLISH_WORDS
