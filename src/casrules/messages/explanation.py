"""Explains a message that libxml2 has rejected: the whole of it, every fault once, in sentences.

libxml2 decides but stops below the first error of a content model; here the tree is walked beside the structure that
xmlschema read from the same schema. What libxml2 has found and the walk has not is added in general words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice, pairwise
from typing import TYPE_CHECKING, Any

from lxml import etree

from casrules.messages.content_models import ChildFault, ContentModel
from casrules.messages.faults import FaultTexts, Spot, TechnicalFault, quoted
from casrules.messages.labels import Labels, Part, Trail
from casrules.messages.locating import Places
from casrules.messages.value_forms import Breach, ValueForm, form_of
from casrules.messages.value_words import value_fault

if TYPE_CHECKING:
    from xmlschema import XMLSchema10

XSI = "{http://www.w3.org/2001/XMLSchema-instance}"


@dataclass
class Explainer:
    """Walks one message beside its schema. For one message, in one thread.

    `most_elements` and `most_faults` bound the work; `is_partial` tells that a bound was reached.
    """

    model: XMLSchema10
    places: Places
    labels: Labels
    texts: FaultTexts
    most_elements: int
    most_faults: int
    faults: list[TechnicalFault] = field(default_factory=list)
    is_partial: bool = False
    _seen: int = 0
    _forms: dict[int, ValueForm] = field(default_factory=dict)
    _models: dict[int, ContentModel | None] = field(default_factory=dict)
    _checked: dict[tuple[int, str], Breach | None] = field(default_factory=dict)

    def explain_all(self) -> None:
        """Walk the whole message."""
        root = self.places.tree.getroot()
        declared = self.model.maps.elements.get(root.tag)
        if declared is not None:
            self._element(root, declared, self._top(root))

    def explain_below(self, elements: Sequence[etree._Element]) -> None:
        """Walk only these elements and what is below them, each once."""
        done: set[str] = set()
        for element in elements:
            found = self._follow(element)
            if found is None:
                continue
            declared, trail = found
            if not any(trail.xpath == path or trail.xpath.startswith(path + "/") for path in done):
                done.add(trail.xpath)
                self._element(element, declared, trail)

    def _top(self, root: etree._Element) -> Trail:
        return Trail(self.places.xpath(root))

    def _follow(self, element: etree._Element) -> tuple[Any, Trail] | None:
        """The schema element and the trail of an element, from the root down; None where the schema ends."""
        way = [*reversed(list(element.iterancestors())), element]
        declared: Any = self.model.maps.elements.get(way[0].tag)
        trail = self._top(way[0])
        for parent, child in pairwise(way):
            model = self._model(declared.type) if declared is not None else None
            declared = model.element_for(child.tag) if model else None
            if declared is None:
                return None
            ordinal, total = self.places.ordinal(parent, child)
            trail = self._child_trail(trail, child, declared, ordinal, total)
        return (declared, trail) if declared is not None else None

    def _child_trail(self, trail: Trail, child: etree._Element, declared: Any, ordinal: int, total: int) -> Trail:
        names = (*trail.names, etree.QName(child).localname)
        label, is_known = self.labels.label(names)
        repeated = total > 1 or (declared is not None and declared.max_occurs != 1)
        has_children = len(child) > 0 or (declared is not None and declared.type.has_complex_content())
        part = Part(f"{label} {ordinal}" if repeated else label, repeated, is_known and has_children, total > 1)
        xpath = self.places.child_xpath(trail.xpath, child.tag, ordinal, total)
        return Trail(xpath, names, (*trail.parts, part))

    def _element(self, element: etree._Element, declared: Any, trail: Trail) -> None:
        self._seen += 1
        if self._seen > self.most_elements or len(self.faults) >= self.most_faults:
            self.is_partial = True
            return
        kind = declared.type
        self._attributes(element, kind, trail)
        if kind.is_simple() or kind.has_simple_content():
            self._simple(element, declared, trail)
            return
        if not kind.mixed:
            tails = (child.tail or "" for child in islice(element, self.most_elements))
            text = "".join((element.text or "", *tails)).strip()
            if text:
                self._add("text_not_allowed", element, trail, value=text)
        model = self._model(kind)
        if model is not None:
            most = self.most_elements - self._seen + 1
            children = [child for child in islice(element, most) if isinstance(child.tag, str)]
            self._children(element, children, model, trail, len(element) <= most)

    def _model(self, kind: Any) -> ContentModel | None:
        if kind.is_simple() or kind.has_simple_content():
            return None
        if id(kind) not in self._models:
            self._models[id(kind)] = ContentModel.of(kind.content)
        return self._models[id(kind)]

    def _children(
        self,
        element: etree._Element,
        children: list[etree._Element],
        model: ContentModel,
        trail: Trail,
        are_all: bool,
    ) -> None:
        """Check the children; where they are not all, nothing is called missing."""
        names = [child.tag for child in children]
        totals: dict[str, int] = {}
        for name in names:
            totals[name] = totals.get(name, 0) + 1
        by_position: dict[int, list[ChildFault]] = {}
        for fault in model.faults(names, self.most_faults):
            if fault.position is None:
                if are_all:
                    self._lacking(element, fault, trail)
            else:
                by_position.setdefault(fault.position, []).append(fault)
        counted: dict[str, int] = {}
        for position, child in enumerate(children):
            counted[child.tag] = counted.get(child.tag, 0) + 1
            declared = model.element_for(child.tag)
            if len(self.faults) >= self.most_faults:
                self.is_partial = True
                return
            if declared is None and position not in by_position:
                continue
            below = self._child_trail(trail, child, declared, counted[child.tag], totals[child.tag])
            for fault in by_position.get(position, ()):
                self._misfit(child, fault, trail, below)
            if declared is None and position in by_position and len(by_position[position][0].names) > 1:
                declared = model.element_for(by_position[position][0].names[1])
            if declared is not None:
                self._element(child, declared, below)

    def _lacking(self, element: etree._Element, fault: ChildFault, trail: Trail) -> None:
        labels = [self._label(trail, name) for name in fault.names]
        spot = Spot(
            trail.xpath,
            self.places.line(element),
            element=_local(fault.names[0]),
            label=labels[0],
            context=trail.context,
        )
        names = ", ".join(map(_local, fault.names))
        self.faults.append(self.texts.fault(fault.kind, spot, labels=", ".join(labels), elements=names))

    def _misfit(self, child: etree._Element, fault: ChildFault, above: Trail, trail: Trail) -> None:
        """A child that is unknown, once too often, in the wrong place or beside what excludes it."""
        told: dict[str, Any] = {"count": fault.count, "limit": str(fault.limit) if fault.limit else ""}
        if len(fault.names) > 1:
            other = fault.names[1]
            told |= {"other": self._label(above, other), "side": fault.side}
            told["hint"] = self.texts.hint("nearest", nearest=_local(other))
            if _local(other) == _local(child.tag):
                told |= {"actual": _namespace(child.tag) or "none", "namespace": _namespace(other) or "none"}
                told |= {"element": _local(child.tag)}
                self._add("wrong_namespace", child, trail, **told)
                return
        self._add(fault.kind, child, trail, **({"hint": ""} | told))

    def _label(self, above: Trail, name: str) -> str:
        return self.labels.label((*above.names, _local(name)))[0]

    def _add(self, kind: str, element: etree._Element, trail: Trail, /, **told: Any) -> None:
        self.faults.append(self.texts.fault(kind, self._spot(element, trail, kind), **told))

    def _spot(self, element: etree._Element, trail: Trail, kind: str = "") -> Spot:
        name = etree.QName(element).localname
        own = trail.parts[-1] if trail.parts else None
        label = self.labels.label(trail.names or (name,))[0]
        if kind == "unexpected_element":
            label = f"<{name}>"
        elif own and own.is_one_of_several and kind != "too_many":
            label = own.label
        above = Trail(trail.xpath, trail.names, trail.parts[:-1])
        return Spot(trail.xpath, self.places.line(element), element=name, label=label, context=above.context)

    def _simple(self, element: etree._Element, declared: Any, trail: Trail) -> None:
        inner = [child for child in element if isinstance(child.tag, str)]
        for child in inner[:1]:
            below = self._child_trail(trail, child, None, 1, 1)
            self._add("unexpected_element", child, below, hint="")
        kind = declared.type if declared.type.is_simple() else declared.type.content
        text = "".join((element.text or "", *(child.tail or "" for child in element)))
        breach = self._breach(kind, text)
        if breach is None and declared.fixed is not None and text.strip() != declared.fixed:
            words = self.texts.forms["one_code"].format(codes=quoted(declared.fixed))
            self._add("not_in_list", element, trail, value=text, allowed=(declared.fixed,), form=words)
        elif breach is not None and not inner:
            form = self._form(kind)
            self.faults.append(value_fault(breach, form, text, self._spot(element, trail), self.texts))

    def _breach(self, kind: Any, text: str) -> Breach | None:
        key = (id(kind), text)
        if key not in self._checked:
            self._checked[key] = self._form(kind).breach(text)
        return self._checked[key]

    def _form(self, kind: Any) -> ValueForm:
        if id(kind) not in self._forms:
            self._forms[id(kind)] = form_of(kind)
        return self._forms[id(kind)]

    def _attributes(self, element: etree._Element, kind: Any, trail: Trail) -> None:
        known: Any = kind.attributes if not kind.is_simple() else {}
        attributes: Any = element.attrib
        for name, value in attributes.items():
            if name.startswith(XSI):
                continue
            declared = known.get(name)
            spot = self._attribute_spot(element, name, trail)
            if declared is None:
                if None not in known or not known[None].is_matching(name):
                    self.faults.append(self.texts.fault("bad_attribute", spot, value=value))
                continue
            breach = self._breach(declared.type, value)
            if breach is not None:
                self.faults.append(value_fault(breach, self._form(declared.type), value, spot, self.texts))
        for name, declared in known.items():
            if name is not None and declared.use == "required" and name not in attributes:
                spot = self._attribute_spot(element, name, trail, missing=True)
                self.faults.append(self.texts.fault("missing_attribute", spot))

    def _attribute_spot(self, element: etree._Element, name: str, trail: Trail, *, missing: bool = False) -> Spot:
        xpath = trail.xpath if missing else f"{trail.xpath}/@{self.places.name(name)}"
        label = self.labels.label((*trail.names, f"@{_local(name)}"))[0]
        line = self.places.line(element)
        return Spot(xpath, line, element=f"@{_local(name)}", label=label, context=trail.context)


def _local(name: str) -> str:
    return name.rpartition("}")[2]


def _namespace(name: str) -> str:
    return name[1:].partition("}")[0] if name.startswith("{") else ""
