"""What configuration rules did and asked, as findings: changes, questions, clashes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from casrules.configuration.applying import Application, Broken
from casrules.configuration.loading import asked
from casrules.configuration.settling import Clash, Settled
from casrules.configuration.wishes import PLACED, is_open
from casrules.declaration import AddEntity, Edit, Invalid, SetValue, to_pointer, value_at, write_value
from casrules.findings import Change, Draft, Message, PathWriter, RecordPath, fingerprint
from casrules.findings.violation import QUESTION, Violation
from casrules.packs import PackedConfiguration
from casrules.rules import ViolationWriter

CLASH = "clash"
"""The branch of a configuration rule's finding that tells of a clash."""
BROKEN = "broken"
"""The branch that tells of a rule that could not do its work."""


@dataclass(frozen=True, slots=True)
class Telling:
    """Writes what became of a declaration; `writer` knows the places in its source."""

    settled: Settled
    writer: ViolationWriter

    def drafts(self) -> list[Draft]:
        """The questions, the clashes, and the rules that could not do their work."""
        found = [self._question(question) for question in self.settled.questions]
        found += [self._clash(clash) for clash in self.settled.clashes]
        return found + [self._broken(broken) for broken in self.settled.broken]

    def _question(self, question: Application) -> Draft:
        draft = self.writer.draft(question.failure)
        head, given = question.rule.written.head, asked(question.rule.packed.rule.fix[0])
        known = tuple(edit for edit in question.fix.edits if not is_open(edit))
        update = {
            "fixes": (question.fix.model_copy(update={"edits": known}),) if known else (),
            "remedy": f"Give {', '.join(given)}." if given else "Confirm it, or leave the declaration as it is.",
            "rendered_rule": "",
            "why": draft.violation.why.model_copy(update={"condition": question.rule.packed.rule.when or ""})
            if draft.violation.why
            else None,
            "cause": "configuration",
            "branch": QUESTION,
            "suggestions": (),
            "explain": "",
        }
        if head.because:
            update["correlation_key"] = " ".join((question.rule.id, *head.because))
        return Draft(draft.violation.model_copy(update=update), draft.entity)

    def _clash(self, clash: Clash) -> Draft:
        location = self.writer.location(clash.path)
        names = " and ".join(rule.id for rule in clash.rules)
        text = (
            f"The configuration rules {names} want different values for {location.path}; neither was applied."
            if len(clash.rules) > 1
            else f"The configuration rule {names} would change {location.path} again and again; it was not applied."
        )
        remedy = "Give one of them a smaller rank, or narrow its condition, in the configuration pack."
        title = "Configuration rules contradict each other"
        return self._about(clash.rules[0], clash.path, CLASH, title=title, text=text, remedy=remedy)

    def _broken(self, broken: Broken) -> Draft:
        location = self.writer.location(broken.path)
        text = f"The configuration rule {broken.rule.id} was not applied at {location.path}: {broken.reason}."
        remedy = "Correct the rule in the configuration pack, or the value it reads."
        title = "A configuration rule could not be applied"
        return self._about(broken.rule, broken.path, BROKEN, title=title, text=text, remedy=remedy)

    def _about(
        self, rule: PackedConfiguration, path: RecordPath, branch: str, *, title: str, text: str, remedy: str
    ) -> Draft:
        """A finding about the rules themselves, at a place of the declaration."""
        location = self.writer.location(path)
        violation = Violation(
            rule=rule.id,
            branch=branch,
            pack_version=rule.packed.pack_version,
            fingerprint=fingerprint(
                rule.id, branch=branch, document=self.writer.document, entity=location.record,
                field=path[-1][0] if path else "",
            ),
            category="policy",
            severity="warning",
            cause="configuration",
            title=title,
            message=Message(key=f"configuration.{branch}", text=text),
            locations=(location,),
            remedy=remedy,
        )  # fmt: skip
        return Draft(violation)


def changes(settled: Settled, paths: PathWriter) -> tuple[Change, ...]:
    """What the rules changed, in the order of the declaration; places are those of the declaration before.

    `paths` writes the paths of the declaration before.
    """
    return tuple(_change(edit, settled, paths) for edit in settled.edits)


def _change(edit: Edit, settled: Settled, paths: PathWriter) -> Change:
    before = value_at(settled.state.original, edit.path)
    after: Any = None
    match edit:
        case SetValue(value=value):
            after = value
        case AddEntity(values=values):
            before, after = None, values
    return Change(
        rule=settled.author(edit), path=paths.text(edit.path), record=to_pointer(edit.path), before=_text(before),
        after=_text(after),
    )  # fmt: skip


def _text(value: Any) -> str | None:
    """A value as text, an entity as its values."""
    if value is None:
        return None
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_text(entry)}" for name, entry in value.items() if name not in PLACED)
    if isinstance(value, list):
        return "; ".join(_text(entry) or "" for entry in value)
    return value.raw if isinstance(value, Invalid) else write_value(value)


class Alterations:
    """Where what findings speak of stood in the document, and which rule changed it."""

    def __init__(self, settled: Settled) -> None:
        self._settled = settled

    def original(self, path: RecordPath) -> RecordPath:
        """The place in the declaration as it came."""
        return self._settled.state.origin(path)

    def declared(self, path: RecordPath) -> Any:
        """The value there."""
        return value_at(self._settled.state.original, self.original(path))

    def changed_by(self, path: RecordPath) -> str:
        """The full id of the rule that wrote the value; "" where none did."""
        return self._settled.writer(path)
