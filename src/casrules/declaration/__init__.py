"""One declaration: the sparse record, the typed view over it, and edits."""

from casrules.declaration.edits import AddEntity, Edit, RemoveEntity, RemoveValue, SetValue, apply_edits
from casrules.declaration.numbering import with_numbers
from casrules.declaration.record import Record, value_at, walk
from casrules.declaration.values import Value, read_value, write_value
from casrules.declaration.view import Declaration, EntityView
from casrules.dictionary.values import Invalid
from casrules.findings.pointers import RecordPath, from_pointer, to_pointer

__all__ = [
    "AddEntity",
    "Declaration",
    "Edit",
    "EntityView",
    "Invalid",
    "Record",
    "RecordPath",
    "RemoveEntity",
    "RemoveValue",
    "SetValue",
    "Value",
    "apply_edits",
    "from_pointer",
    "read_value",
    "to_pointer",
    "value_at",
    "walk",
    "with_numbers",
    "write_value",
]
