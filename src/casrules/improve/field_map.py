"""From the fields of a history to names of the dictionary: what turns a suggestion into a rule of a customer's pack."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field, model_validator

from casrules.dictionary import shipped_dictionary
from casrules.errors import DictionaryError, UsageError
from casrules.packs.model_errors import read_model
from casrules.packs.models import PackModel
from casrules.packs.yaml_text import read_yaml

SCOPES = ("item", "house", "consignment", "declaration")
"""The entities a mapped path may begin with, the innermost first."""

PLACES = ("kind", "level", "sequence_number", "number")
"""What the place of an entry says by itself: no key of it."""


class ListPlace(PackModel):
    """Where the entries of a list field stand: the list, the element that holds an entry's key, and its reference."""

    list: str
    key: str
    reference: str = ""


class FieldMap(PackModel):
    """For each field of the history its path (`item.commodity_code`), or its list.

    A field that is called by a path of the dictionary needs no entry.
    """

    fields: dict[str, str | ListPlace] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _begins_well(self) -> FieldMap:
        for name, place in self.fields.items():
            path = place if isinstance(place, str) else place.list
            scope, dot, _ = path.partition(".")
            if not dot or scope not in SCOPES:
                raise ValueError(f"{name}: {path!r} begins with none of {', '.join(SCOPES)}")
        return self

    @classmethod
    def load(cls, path: Path) -> FieldMap:
        """The map in a YAML file; raises PackError with file and line."""
        return read_model(cls, read_yaml(path).lines)

    def path(self, field: str) -> str:
        """The path of a field with one value; UsageError where the map has none."""
        place = self.place(field)
        if isinstance(place, ListPlace):
            raise UsageError(f"{field!r} is mapped to a list, and one value is meant", remedy="give its path")
        return place

    def entries(self, field: str) -> ListPlace:
        """The place of a list field; UsageError where the map has none."""
        place = self.place(field)
        if isinstance(place, str):
            raise UsageError(f"{field!r} is mapped to a value, and a list is meant", remedy="write list and key")
        return place

    def place(self, field: str) -> str | ListPlace:
        """The path or list of a field; UsageError, with the way out, where the map has none."""
        found = self.known(field)
        if found is None:
            known = ", ".join(sorted(self.fields)) or "none"
            raise UsageError(f"the field map does not name {field!r}", remedy=f"add it; it names {known}")
        return found

    def known(self, field: str) -> str | ListPlace | None:
        """The path or list of a field; None where neither the map nor the dictionary has it."""
        return self.fields.get(field) or _by_dictionary(field)


def _by_dictionary(field: str) -> str | ListPlace | None:
    """The place of a field that is called by its path; entries of a list go by the keys of their entity."""
    scope, *names = field.split(".")
    if scope not in SCOPES or not names:
        return None
    dictionary = shipped_dictionary()
    try:
        element = dictionary.resolve(dictionary.chains_to(scope)[0].entity, names)[-1]
    except DictionaryError:
        return None
    if element.is_scalar or not element.many:
        return field if element.is_scalar else None
    entity = dictionary.entities[element.type]
    codes = [name for name, part in entity.elements.items() if part.type == "code" and name not in PLACES]
    key, *others = [name for name in entity.keys if name not in PLACES][:2] or codes[:1] or [""]
    return ListPlace(list=field, key=key, reference=others[0] if others else "") if key else None


def scope_of(paths: list[str]) -> str:
    """The innermost entity that one of the paths begins with: the one a rule about them visits."""
    begins = {path.partition(".")[0] for path in paths}
    return next((scope for scope in SCOPES if scope in begins), "declaration")
