"""Where an example of a configuration rule plays, and what the rule makes of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from casrules.configuration import ConfigurationSet, Settled, configuration_set, settle, shipped_statements
from casrules.configuration.applying import Configuration
from casrules.configuration.carrying import Carrying
from casrules.declaration import Record, RecordPath
from casrules.errors import CasrulesError, Place
from casrules.language import restrict
from casrules.language.visiting import Scope, visited
from casrules.packs import Pack, PackedConfiguration
from casrules.packs.configuration import ConfigurationExample
from casrules.rules import PackRule, RulePlan, RuleSet, plan_rules
from casrules.rules.compiling import checked
from casrules.testing.carriers import Carrier
from casrules.testing.declarations import expand
from casrules.testing.setting import DEFAULT_DAY, UnplayableError, invalid_fields, written_names
from casrules.testing.suite import Suite


@dataclass(frozen=True)
class ConfigurationSuite:
    """The configuration rules of packs under test: as written, and checked."""

    suite: Suite
    found: ConfigurationSet
    ruleset: RuleSet

    @classmethod
    def of(cls, suite: Suite) -> ConfigurationSuite:
        """Check the configuration rules; RuleError with file and line for what is wrong with them."""
        found = configuration_set(suite.packs, suite.dictionary, shipped_statements())
        return cls(suite, found, checked(found.packs, suite.dictionary, suite.code_lists))

    def rules(self, pack: Pack) -> list[PackedConfiguration]:
        """The configuration rules of a pack, in order of id."""
        return [self.found.rules[name] for name in sorted(pack.configuration) if name in self.ruleset.rules]


@dataclass(frozen=True, slots=True)
class ConfigurationCase:
    """One example of a configuration rule; `number` counts from 1 within its kind (`changes`, `untouched`)."""

    rule: PackedConfiguration
    kind: str
    number: int
    example: ConfigurationExample

    @property
    def id(self) -> str:
        """`acme.origin[changes-1]`."""
        return f"{self.rule.id}[{self.kind}-{self.number}]"

    @property
    def place(self) -> Place:
        """File and line of the example."""
        return self.rule.packed.place("examples", self.kind, self.number - 1)


def configuration_cases(rule: PackedConfiguration) -> Iterator[ConfigurationCase]:
    """The examples of a configuration rule."""
    examples = rule.written.examples
    for kind, found in (("changes", examples.changes), ("untouched", examples.untouched)):
        for number, example in enumerate(found, 1):
            yield ConfigurationCase(rule, kind, number, example)


@dataclass(frozen=True)
class ConfigurationSetting:
    """An example ready to run: the message, the day, the record, and the rule alone."""

    case: ConfigurationCase
    suite: Suite
    rule: PackRule
    carrier: Carrier
    day: str
    record: Record

    @cached_property
    def plan(self) -> RulePlan:
        """The rule compiled for the message."""
        return plan_rules([self.rule], self.suite.context(self.day, complete=True), self.carrier.carries)

    @cached_property
    def visits(self) -> list[tuple[Scope, RecordPath]]:
        """Each entity the rule looks at in the example."""
        return list(self.visits_of(self.record))

    def visits_of(self, record: Record) -> Iterator[tuple[Scope, RecordPath]]:
        """Each entity the rule looks at in a record."""
        narrow = restrict(self.rule.checked, self.carrier.carries)
        for number in narrow.branches[0].chains:
            yield from visited(record, narrow.chains[number])

    def settled(self, record: Record, *, confirmed: bool = False) -> Settled:
        """What the rule makes of a record; with `confirmed`, as if a person had agreed to all it asks."""
        rule = self.case.rule
        if confirmed:
            head = rule.written.head.model_copy(update={"mode": "apply"})
            rule = replace(rule, written=replace(rule.written, head=head))
        carrying = Carrying(self.carrier.mapping)
        rules: Mapping[str, PackedConfiguration] = {rule.id: rule}
        using = Configuration(
            self.plan, rules, self.suite.dictionary, carrying.holds, self.day, carrying.numbered
        )  # fmt: skip
        return settle(record, using, frozenset(invalid_fields(record, self.suite.dictionary.root, using.dictionary)))


def configuration_setting(case: ConfigurationCase, using: ConfigurationSuite) -> ConfigurationSetting:
    """The example on its message, by default the first of the rule's scope that can carry what it gives.

    Raises UnplayableError for an example that the rule never reaches as it stands.
    """
    suite, example, packed = using.suite, case.example, case.rule.packed
    try:
        record = expand(example.given, suite.dictionary)
    except CasrulesError as error:
        raise UnplayableError(error.problem, remedy=error.remedy) from None
    since = packed.rule.valid.since
    day = example.as_of or (since.isoformat() if since else DEFAULT_DAY)
    try:
        covered = packed.rule.valid.covers(day)
    except ValueError:
        raise UnplayableError(f"as_of {day!r} is not a date", remedy="write it as YYYY-MM-DD") from None
    if not covered:
        raise UnplayableError(f"the rule is not in force on {day}", remedy="give `as_of` a day within `valid`")
    rule = using.ruleset.rules[case.rule.id]
    return ConfigurationSetting(case, suite, rule, _carrier(case, rule, record, suite), day, record)


def _carrier(case: ConfigurationCase, rule: PackRule, record: Record, suite: Suite) -> Carrier:
    example, scope = case.example, case.rule.packed.scope
    if example.message and not suite.carriers.named(example.message):
        raise UnplayableError(f"there is no message {example.message!r}", remedy="write it as family.message")
    written = sorted(set(written_names(record, suite.dictionary.root, suite.dictionary, ())))
    written += [path for path in _targets(rule, case) if path not in written]
    refusal = ""
    for carrier in suite.carriers.within(scope, example.message, example.phase):
        strange = next((names for names in written if not carrier.carries(names)), None)
        if strange is None and restrict(rule.checked, carrier.carries).branches[0].chains:
            return carrier
        what = f"{'.'.join(strange)}" if strange else "what the rule reads"
        refusal = refusal or f"{carrier} cannot carry {what}"
        if example.message or scope.message:
            break
    raise UnplayableError(
        refusal or "no message is within the rule's scope", remedy="drop it, or name a `message` that can"
    )


def _targets(rule: PackRule, case: ConfigurationCase) -> list[tuple[str, ...]]:
    """What the rule writes, where there is one way to it only."""
    if len(rule.checked.chains) != 1:
        return []
    chain = rule.checked.chains[0]
    found = []
    for path in case.rule.written.head.targets:
        scope, *names = path.split(".")
        above = tuple(step.name for step in chain.steps[: chain.scopes.get(scope, 0)])
        if names:
            found.append((*above, *names))
    return found
