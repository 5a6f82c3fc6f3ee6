"""What one kind of message can hold of the edits of configuration rules."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from casrules.declaration import RecordPath
from casrules.findings import AddEntity, Edit, from_pointer
from casrules.messages.message_mapping import MessageMapping
from casrules.messages.numbering import numbered_lists


@dataclass(frozen=True)
class Carrying:
    """The message behind `mapping`: what it can hold, and which of its lists it wants numbered."""

    mapping: MessageMapping

    def holds(self, edit: Edit) -> bool:
        """Whether the message can hold what an edit writes."""
        path: RecordPath = from_pointer(edit.target.record)
        name = ".".join(step for step, _ in path)
        fields = [field.name for field in edit.fields] if isinstance(edit, AddEntity) else []
        carried = self.mapping.carried
        return name in carried and all(f"{name}.{field}" in carried for field in fields)

    @cached_property
    def numbered(self) -> frozenset[str]:
        """The dotted names of the lists whose entries must have a sequence number."""
        return numbered_lists(self.mapping)
