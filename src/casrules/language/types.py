"""The types of expressions: the dictionary's seven value types fall into five kinds that compare with each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

TEXT: Final = "text"
NUMBER: Final = "number"
DATE: Final = "date"
DATETIME: Final = "date and time"
BOOLEAN: Final = "true or false"
ENTITY: Final = "entity"
LIST: Final = "list"
TUPLE: Final = "tuple"
UNTYPED: Final = "parameter"

KIND_OF: Final = {
    "code": TEXT,
    "text": TEXT,
    "decimal": NUMBER,
    "integer": NUMBER,
    "date": DATE,
    "datetime": DATETIME,
    "flag": BOOLEAN,
}
ORDERED: Final = frozenset({NUMBER, DATE, DATETIME})
VALUES: Final = frozenset({TEXT, NUMBER, DATE, DATETIME, BOOLEAN})


@dataclass(frozen=True, slots=True)
class Type:
    """What an expression yields: a kind, and for an entity or a list the entity's name in the dictionary."""

    kind: str
    entity: str = ""

    def __str__(self) -> str:
        """In words, for messages: `list of package`."""
        if self.kind == LIST:
            return f"list of {self.entity}"
        return self.entity if self.kind == ENTITY else self.kind


TEXT_TYPE: Final = Type(TEXT)
NUMBER_TYPE: Final = Type(NUMBER)
DATE_TYPE: Final = Type(DATE)
DATETIME_TYPE: Final = Type(DATETIME)
BOOLEAN_TYPE: Final = Type(BOOLEAN)
