"""The configuration rules of packs as rules that can be checked and planned, their edits checked by the dictionary."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from casrules.configuration.statements import Statements
from casrules.declaration.edits import typed
from casrules.dictionary import Chain, Dictionary, Element
from casrules.errors import DictionaryError, RuleError, UsageError
from casrules.packs import FixPlan, Pack, PackedConfiguration
from casrules.packs.configuration import ASKED

ASK = ASKED


@dataclass(frozen=True, slots=True)
class ConfigurationSet:
    """The configuration rules of packs: by full id, and the packs with them in place of their other rules."""

    rules: Mapping[str, PackedConfiguration]
    packs: tuple[Pack, ...]


def configuration_set(packs: Sequence[Pack], dictionary: Dictionary, statements: Statements) -> ConfigurationSet:
    """The configuration rules of `packs`.

    Raises RuleError, with file and line, for an edit of something that does not exist, a value that is not of its
    element's type, and a statement of the declarant that would be written unasked.
    """
    rules = {name: rule for pack in packs for name, rule in pack.configuration.items()}
    for rule in rules.values():
        _Check(rule, dictionary, statements).run()
    bare = tuple(
        replace(
            pack,
            manifest=pack.manifest.model_copy(update={"extends": (), "removed": ()}),
            rules={name: rule.packed for name, rule in pack.configuration.items()},
            configuration={},
        )
        for pack in packs
        if pack.configuration
    )
    return ConfigurationSet(rules, bare)


@dataclass(frozen=True, slots=True)
class _Check:
    """The check of one configuration rule's edits."""

    rule: PackedConfiguration
    dictionary: Dictionary
    statements: Statements

    def run(self) -> None:
        plan = self.rule.packed.rule.fix[0]
        target = self.rule.packed.rule.for_
        for chain in self._chains(target, plan):
            for path, value in (*plan.set.items(), *plan.default.items()):
                self._value(self._element(path, chain), value, path)
            for path, source in plan.copy_.items():
                self._same_type(self._element(path, chain), self._element(source, chain), path)
                self._stated(self._element(path, chain), None, path)
            for path in plan.compute:
                self._stated(self._element(path, chain), None, path)
            for path, fields in plan.add.items():
                self._entity(self._element(path, chain), fields, path)
            for path in plan.remove:
                if "." in path:
                    self._stated(self._element(path, chain), None, path)

    def _chains(self, target: str, plan: FixPlan) -> Sequence[Chain]:
        """The ways that pass everything the edits name; all of them where none does, for a plain error."""
        paths = [*plan.set, *plan.default, *plan.copy_, *plan.copy_.values(), *plan.compute, *plan.add, *plan.remove]
        named = {path.partition(".")[0] for path in paths}
        chains = self.dictionary.chains_to(target)
        return [chain for chain in chains if named <= set(chain.scopes)] or chains

    def _element(self, path: str, chain: Chain) -> Element:
        scope, *names = path.split(".")
        if scope not in chain.scopes:
            raise self._error(f"{path}: there is no {scope!r} here", f"known: {', '.join(sorted(chain.scopes))}")
        depth = chain.scopes[scope]
        entity = chain.steps[depth - 1].element.type if depth else self.dictionary.root
        if not names:
            raise self._error(f"{path} is an entity", "name an element of it")
        try:
            elements = self.dictionary.resolve(entity, names)
        except DictionaryError as error:
            raise self._error(f"{path}: {error.problem}", error.remedy) from None
        for element in elements:
            if element.view:
                lists = " or ".join(".".join(part) for part in element.view)
                raise self._error(f"{path}: {element.name} is a view, nothing is written to it", f"write to {lists}")
            if element.many and element is not elements[-1]:
                raise self._error(f"{path}: {element.name} is a list", f"visit its entries: for: {element.singular}")
        return elements[-1]

    def _value(self, element: Element, value: str, path: str) -> None:
        self._stated(element, value, path)
        if value == ASK:
            return
        try:
            typed(element, value)
        except UsageError as error:
            raise self._error(f"{path}: {error.problem}", error.remedy or "") from None

    def _entity(self, element: Element, fields: Mapping[str, str], path: str) -> None:
        if element.is_scalar:
            raise self._error(f"{path} is a value, not a list of entities", "write it with set or default")
        for name, value in fields.items():
            found = self.dictionary.find(element.type, name)
            if found is None:
                near = self.dictionary.nearest(element.type, name)
                raise self._error(f"{path}: {element.type} has no element {name!r}", f"did you mean {near}?")
            self._value(found, value, f"{path}.{name}")

    def _same_type(self, target: Element, source: Element, path: str) -> None:
        if not target.is_scalar or not source.is_scalar:
            raise self._error(f"{path}: only values are copied", "add an entity with the values instead")

    def _stated(self, element: Element, value: str | None, path: str) -> None:
        why = self.statements.why(element.entity, element.name, value)
        if why and self.rule.written.head.mode == "apply":
            raise self._error(f"{path}: {why}, so it is never filled in unasked", "write mode: ask")

    def _error(self, problem: str, remedy: str) -> RuleError:
        rule = self.rule.packed
        return RuleError(f"{rule.rule.id}: {problem}", place=rule.place(), remedy=remedy)


def asked(plan: FixPlan) -> tuple[str, ...]:
    """The paths of the values that a person must give."""
    found = [path for path, value in (*plan.set.items(), *plan.default.items()) if value == ASK]
    found += [f"{path}.{name}" for path, fields in plan.add.items() for name, value in fields.items() if value == ASK]
    return tuple(found)
