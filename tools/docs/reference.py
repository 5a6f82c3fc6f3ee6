"""The reference pages: all data elements, all shipped rules, all supported messages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from casrules import Engine
from casrules.dictionary import Dictionary, Element, Entity, shipped_dictionary
from casrules.findings import RulePage
from casrules.messages.family import Families
from casrules.resources import schemas_folder

from .coverage import coverage_lines

MADE = "<!-- Written by `make docs`: do not edit. -->"


def pages() -> dict[str, str]:
    """File name below docs/reference → its text."""
    return {
        "dictionary.md": _page(dictionary_page(shipped_dictionary())),
        "rules.md": _page(rules_page(Engine(statuses=("preview", "draft")).rules())),
        "coverage.md": _page(coverage_page(Engine(statuses=("preview", "draft")).rules())),
        "messages.md": _page(messages_page(Families.load(schemas_folder() / "families"))),
    }


def dictionary_page(dictionary: Dictionary) -> Iterator[str]:
    """A table for each entity: name, type, unit, numbers, label, privacy."""
    entities = sorted(dictionary.entities.values(), key=lambda one: (one.name != dictionary.root, one.name))
    number = sum(len(entity.elements) for entity in entities)
    yield from ("# Data elements", "", MADE, "")
    yield f"{number} elements of {len(entities)} entities. How to read them: [dictionary](../dictionary.md)."
    for entity in entities:
        yield from ("", f"## {entity.name}", "", f"{entity.label}.{_keys(entity)}", "")
        head = ("element", "type", "unit", "number", "of 2016", "label", "privacy")
        yield from table(head, (_element(element) for element in entity.elements.values()))


def _keys(entity: Entity) -> str:
    return f" Known by: {', '.join(f'`{key}`' for key in entity.keys)}." if entity.keys else ""


def _element(element: Element) -> tuple[str, ...]:
    kind = element.type if element.is_scalar else f"[{element.type}](#{element.type})"
    kind = f"list of {kind}" if element.many else kind
    if element.view:
        kind = f"view: {' + '.join('.'.join(path) for path in element.view)}"
    privacy = "" if element.privacy == "none" else element.privacy
    return f"`{element.name}`", kind, element.unit, element.number, element.old_number, element.label, privacy


def rules_page(rules: Sequence[RulePage]) -> Iterator[str]:
    """The shipped rules by pack: id, severity, what they demand, where they apply, the authority's code."""
    yield from ("# Rules", "", MADE, "")
    yield f"{len(rules)} rules. `casrules explain ID` shows a rule with its examples, law and remedy."
    for pack, found in groupby(sorted(rules, key=lambda rule: (rule.pack, rule.id)), key=lambda rule: rule.pack):
        members = list(found)
        yield from ("", f"## {pack}", "", f"Version {members[0].pack_version}, {len(members)} rules.", "")
        head = ("rule", "severity", "title", "demands", "scope", "customs")
        yield from table(head, (_rule(rule) for rule in members))


def coverage_page(rules: Sequence[RulePage]) -> Iterator[str]:
    """Totals, then a table for each domain: official code, our rule, why there is none."""
    yield from ("# Coverage", "", MADE, "")
    yield "Which rule of ours stands for an official code of customs: one rule may stand for several codes, several for one."
    yield "A code that no rule stands for cannot be decided from the message alone, for the reason given, or is still to do."
    begins = True
    for line in coverage_lines(rules):
        if isinstance(line, str):
            yield from ("", line)
            begins = True
            continue
        if begins:
            yield from ("", _row(line), _row("---" for _ in line))
            begins = False
            continue
        yield _row(line)


def _rule(rule: RulePage) -> tuple[str, ...]:
    scope = "; ".join(f"{item.name}: {', '.join(item.values)}" for item in rule.scope)
    status = "" if rule.status == "stable" else f" ({rule.status})"
    codes = ", ".join(dict.fromkeys(str(authority) for authority in rule.authority))
    return f"`{rule.id}`", f"{rule.severity}{status}", rule.title, rule.requires.replace("](", "]\\("), scope, codes


def messages_page(families: Families) -> Iterator[str]:
    """The messages of each family, with the schema sets they are checked against."""
    yield from ("# Messages", "", MADE)
    for family in sorted(families.by_id.values(), key=lambda one: one.id):
        yield from (
            "",
            f"## {family.id}",
            "",
            f"{family.title}. Flow: {family.flow}. Customs system: {family.system}.",
            "",
        )
        head = ("schema set", "phase", "version", "declared as", "schema")
        rows = ((s.id, s.phase, s.version, ", ".join(s.declared) or "-", s.schema_status) for s in family.sets)
        yield from (*table(head, rows), "")
        whole = ((f"`{family.id}.{m.id}`", m.title, m.role, "yes" if m.complete else "") for m in family.messages)
        yield from table(("format", "title", "role", "complete"), whole)


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """A Markdown table."""
    yield _row(head)
    yield _row("---" for _ in head)
    yield from (_row(row) for row in rows)


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(' '.join(cell.split()).replace('|', chr(92) + '|') for cell in cells)} |"


def _page(lines: Iterable[str]) -> str:
    return "\n".join(lines) + "\n"
