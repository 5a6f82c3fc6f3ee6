"""Which message this is, from its root element, namespace and shape; never from the name of a file."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from lxml import etree

from casrules.messages.family import Families, Family, Known, Message, SchemaSet
from casrules.messages.faults import FaultTexts, Spot, TechnicalFault, shipped_texts
from casrules.messages.paths import parse_path
from casrules.messages.reading import Intake
from casrules.messages.shapes import elements_at, holds, texts_at

Found = tuple[Known, str, str, tuple[TechnicalFault, ...]]


@dataclass(frozen=True, slots=True)
class Detection:
    """What a message is. Without `family` it is unknown; `unsupported` has the title if it is recognised.

    `schema_set` and `phase` are those of the declared version, else the preferred ones, until validation
    settles them. `start` leads from this root to the element of the mapping's context `declaration`: it differs
    from the manifest's where an envelope is left out. `detected_by`: root, inner element, local name or format.
    """

    root: str = ""
    family: Family | None = None
    message: Message | None = None
    schema_set: SchemaSet | None = None
    phase: str = ""
    declared_version: str | None = None
    detected_by: str = ""
    start: str = "."
    faults: tuple[TechnicalFault, ...] = ()
    unsupported: str = ""

    @property
    def prefixes(self) -> dict[str, str]:
        """Prefix → namespace for XPaths: the manifest's; the family's identifier for the one without prefix."""
        if self.family is None:
            return {}
        prefixes = {prefix: uri for prefix, uri in self.family.namespaces.items() if prefix}
        unnamed = self.family.namespaces.get("") or etree.QName(self.root).namespace
        if unnamed and unnamed not in prefixes.values():
            prefixes.setdefault(self.family.id, unnamed)
        return prefixes

    @property
    def format(self) -> str:
        """The full identifier, `ncts.CC015C`; empty if unknown."""
        return f"{self.family.id}.{self.message.id}" if self.family and self.message else ""


def detect(
    intake: Intake,
    families: Families,
    format: str | None = None,  # noqa: A002 - the word of the public interface
    texts: FaultTexts | None = None,
) -> Detection:
    """What `intake` is. `format` ("ncts", "ncts.CC015C") narrows the choice; UsageError if it is unknown."""
    wanted = families.parse_format(format) if format else None
    if intake.tree is None:
        return Detection()
    return _Detector(families, wanted, texts or shipped_texts()).detect(intake.tree.getroot())


@dataclass(frozen=True, slots=True)
class _Detector:
    families: Families
    wanted: tuple[Family, Message | None] | None
    texts: FaultTexts

    def detect(self, root: etree._Element) -> Detection:
        found = self._known(root)
        if found is None:
            return self._not_known(root)
        known, how, start, faults = found
        if self.wanted and not self._fits(known):
            told = ".".join((self.wanted[0].id, *([self.wanted[1].id] if self.wanted[1] else [])))
            actual = f"{known[0].id}.{known[1].id}"
            fault = self.texts.fault("format_mismatch", _spot(root), format=told, actual=actual)
            faults = (*faults, fault)
        elif self.wanted and self.wanted[1]:
            how = "format"
        return replace(_versioned(root, known), detected_by=how, start=start, faults=faults)

    def _known(self, root: etree._Element) -> Found | None:
        """The message, how it was found, the start in this document, and what is wrong with the root."""
        roots, inner_roots = self.families.roots, self.families.inner_roots
        if entries := roots.get(root.tag):
            known = self._best(root, entries)
            return known, "root", known[1].start, ()
        if entries := inner_roots.get(root.tag):
            return self._best(root, entries), "inner element", ".", ()
        if not self._may_be_meant(root):
            return None
        local = etree.QName(root).localname
        for tags, start in ((roots, ""), (inner_roots, ".")):
            for tag, entries in tags.items():
                if etree.QName(tag).localname == local:
                    known = self._best(root, entries)
                    return known, "local name", start or known[1].start, (self._namespace_fault(root, tag),)
        return None

    def _best(self, root: etree._Element, entries: Sequence[Known]) -> Known:
        return _best(root, [known for known in entries if self._fits(known)] or entries)

    def _may_be_meant(self, root: etree._Element) -> bool:
        """A known name in a foreign namespace is another message, unless a known namespace is misspelt."""
        namespace = etree.QName(root).namespace
        if namespace is None:
            return True
        known = {etree.QName(name).namespace or "" for name in self.families.roots}
        known.update(uri for family in self.families for uri in family.namespaces.values())
        return bool(difflib.get_close_matches(namespace, known, n=1, cutoff=0.9))

    def _fits(self, known: Known) -> bool:
        if self.wanted is None:
            return True
        family, message = self.wanted
        return known[0].id == family.id and (message is None or known[1].id == message.id)

    def _namespace_fault(self, root: etree._Element, wanted: str) -> TechnicalFault:
        name, namespace = etree.QName(root), etree.QName(wanted).namespace
        kind = "wrong_namespace" if name.namespace else "missing_namespace"
        return self.texts.fault(kind, _spot(root), element=name.localname, namespace=namespace, actual=name.namespace)

    def _not_known(self, root: etree._Element) -> Detection:
        name = etree.QName(root)
        for entry in self.families.unsupported:
            if entry.fits(name.localname, name.namespace or ""):
                fault = self.texts.fault("unsupported_message", _spot(root), severity="warning", title=entry.title)
                return Detection(root.tag, unsupported=entry.title, faults=(fault,))
        known = {etree.QName(root).localname for root in self.families.roots}
        near = difflib.get_close_matches(name.localname, sorted(known), n=1, cutoff=0.5)
        hint = self.texts.hint("nearest", nearest=near[0]) if near else ""
        fault = self.texts.fault("unknown_message", _spot(root), element=name.localname, hint=hint)
        return Detection(root.tag, faults=(fault,))


def _spot(root: etree._Element) -> Spot:
    name = etree.QName(root)
    xpath = f"/*[local-name()='{name.localname}']" if name.namespace else f"/{name.localname}"
    line = root.sourceline if isinstance(root.sourceline, int) else None
    return Spot(xpath, line, element=name.localname, label=name.localname)


def _versioned(root: etree._Element, known: Known) -> Detection:
    """The detection with the version the message declares, and the schema set that goes with it."""
    family, message = known
    path = family.version_attribute
    stated = (text.strip() for text in texts_at(root, path)) if path else iter(())
    declared = next(filter(None, stated), None)
    chosen = next((schema_set for schema_set in family.sets if declared in schema_set.declared), family.sets[0])
    return Detection(root.tag, family, message, chosen, chosen.phase, declared)


def _best(root: etree._Element, candidates: Sequence[Known]) -> Known:
    """The first message whose start is there and whose shape fits; else with the start; else the first."""
    reached = [(known, start) for known in candidates for start in _starts(root, known[1])]
    for known, start in reached:
        if all(holds(start, condition) for condition in known[1].shape):
            return known
    plain = [known for known, _ in reached] or [known for known in candidates if not known[1].shape]
    return (plain or candidates)[0]


def _starts(root: etree._Element, message: Message) -> Iterator[etree._Element]:
    """The element of the declaration: below the root, or the root itself where the envelope is left out."""
    steps = parse_path(message.start).steps
    if steps and etree.QName(root).localname == steps[-1].local:
        yield root
    else:
        yield from elements_at(root, [step.local for step in steps])
