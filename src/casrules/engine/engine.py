"""The façade: one object that validates declarations and explains rules. Make it once, share it between threads."""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from casrules.collecting import collector_paused
from casrules.engine.checking import Asked, Tools, check
from casrules.engine.configuring import configurer
from casrules.engine.fixing import completed_content, fix_document
from casrules.engine.pages import rule_page
from casrules.engine.planning import Plans
from casrules.engine.sharing import LoadedLists, LoadedPacks, shared_packs, shared_plans, shared_ruleset
from casrules.engine.sources import Given, Source, load_source
from casrules.errors import UsageError
from casrules.findings import Completion, FixResult, PackRef, ReferenceData, Report, RulePage
from casrules.limits import DEFAULT_LIMITS, Limits
from casrules.messages.schema_sets import Schemas, ShippedSchemas
from casrules.packs import Pack, finder, gather, load_pack, shipped_code_lists
from casrules.packs.given_lists import load_given_lists
from casrules.packs.translations import ENGLISH, LANGUAGE
from casrules.resources import schemas_folder
from casrules.rules import Choice, choose
from casrules.tariff import TariffMeasures, load_tariff

if TYPE_CHECKING:
    from casrules.engine.decoding import AnswerDecoder
    from casrules.findings.escapes import EscapeReport

AnyPath = str | os.PathLike[str]


class Engine:
    """Validates declarations against schemas and rule packs.

    `packs` are folders of rule packs or ids of shipped ones (default: all that ship with the library), `more_packs`
    folders beside those. `schemas` is a folder of official schema sets, however deep below it, to use in place of our
    own. `select` and `ignore` are shell patterns of rule ids; `statuses` adds `preview` or `draft` rules to the stable
    ones. `tariff` says which documents a commodity needs: a folder or file of measures, or anything that implements
    `TariffMeasures`; without one, rules that ask it do not run. `codelists` are files or folders of code lists, in our
    form or as the EU and HMRC give them out: they replace the shipped lists of the same id. `configuration` are folders
    of packs whose configuration rules complete every declaration before it is checked. `cache_dir` keeps the shipped
    packs compiled between processes; without it nothing is written. `limits` cap what a message, a pack and a rule may
    cost. `lang` is the language of what rules say ("de"), English where a text has no translation.

    Raises PackError, RuleError or SchemaSetError, with file and line, for packs and schemas that are broken.

    An engine is immutable: use one for all threads. What it needs of a message is prepared at the first use and kept.
    """

    @collector_paused()
    def __init__(
        self,
        packs: Iterable[AnyPath] | None = None,
        *,
        more_packs: Iterable[AnyPath] = (),
        schemas: AnyPath | Sequence[AnyPath] = (),
        tariff: AnyPath | TariffMeasures | None = None,
        codelists: AnyPath | Sequence[AnyPath] = (),
        configuration: Iterable[AnyPath] = (),
        select: Sequence[str] = (),
        ignore: Sequence[str] = (),
        statuses: Iterable[str] = (),
        limits: Limits = DEFAULT_LIMITS,
        cache_dir: AnyPath | None = None,
        lang: str = ENGLISH,
    ) -> None:
        loaded = _packs(packs, more_packs, cache_dir, limits)
        lists = _code_lists(codelists, limits)
        measures = load_tariff(tariff, limits=limits) if isinstance(tariff, str | os.PathLike) else tariff
        self._lang = _language(lang)
        self._ruleset = shared_ruleset(loaded, lists, limits)
        choice = choose(self._ruleset.ids, select=select, ignore=ignore, statuses=statuses)
        self._tools = Tools(
            plans=_plans(loaded, lists, choice, measures, limits),
            schemas=_schemas(schemas),
            packs=tuple(_reference(pack) for pack in sorted(loaded.packs, key=lambda pack: pack.id)),
            overrides=self._ruleset.overrides,
            limits=limits,
            configurer=configurer([Path(folder) for folder in configuration], lists),
            reference_data=(*lists.own, *((_tariff_reference(measures),) if measures is not None else ())),
        )

    def validate(
        self,
        source: Given,
        *,
        as_of: str | date | None = None,
        format: str | None = None,  # noqa: A002 - the word of the field
        document_key: str | None = None,
        rule_runs: bool = False,
        lang: str | None = None,
    ) -> Report:
        """Check one declaration and say everything about it.

        `source`: bytes are content; a str or path is always a path; an open file is read; a dict is the library's own
        JSON declaration. `as_of` (YYYY-MM-DD) is the day whose rules apply; by default the date in the message, never
        the clock. `format` ("ncts.CC015C") overrules detection. `document_key` identifies a declaration that has
        neither LRN nor MRN. `rule_runs` lists how every rule ended. `lang` is the language of this report in place of
        the engine's; a text without a translation is English, and `message.lang` says which it is.

        Never raises for what the document holds; UsageError for a file that cannot be opened, a date that is none, a
        format nobody knows.
        """
        asked = Asked(_day(as_of), format, document_key, rule_runs, self._lang if lang is None else _language(lang))
        return check(load_source(source), asked, self._tools)

    def fix(
        self,
        source: Given,
        *,
        unsafe: bool = False,
        as_of: str | date | None = None,
        format: str | None = None,  # noqa: A002 - the word of the field
    ) -> FixResult:
        """Apply the safe fixes of a declaration's violations, with `unsafe` also those a person must stand for.

        A fix stays only if its violation is gone and no other has come. The result has the new content, which differs
        from the source only where it was edited, what was applied and refused, and the reports before and after.
        """
        loaded, asked = load_source(source), Asked(_day(as_of), format, lang=self._lang)
        if self._tools.configurer is not None:
            loaded = Source(completed_content(loaded, asked, self._tools), loaded.name)

        def again(content: bytes) -> Report:
            return check(Source(content, loaded.name), asked, self._tools)

        return fix_document(loaded, format, unsafe, again, self._tools)

    def configure(
        self,
        source: Given,
        *,
        as_of: str | date | None = None,
        format: str | None = None,  # noqa: A002 - the word of the field
    ) -> Completion:
        """Complete a declaration with the configuration rules and write it.

        The result has the new content, which differs from the source only where a rule changed something, each change
        with its rule, and the report about the new content; what is left to a person is among its violations.
        """
        loaded, asked = load_source(source), Asked(_day(as_of), format, lang=self._lang)
        before = check(loaded, asked, self._tools)
        content = completed_content(loaded, asked, self._tools)
        after = before if content == loaded.content else check(Source(content, loaded.name), asked, self._tools)
        return Completion(content=content, changes=before.changes, report=after)

    def decode(
        self,
        answer: Given,
        *,
        original: Given | None = None,
        format: str | None = None,  # noqa: A002 - the word of the field
    ) -> Report:
        """Read what customs, a port or the transport answered, and say what it means, where and what to do.

        `answer` and `original`, the message that was sent, are given like the source of `validate`; with the original
        every finding has its place in it. `format` ("cds.IMPORT") overrules the detection of the original. The verdict
        is the answer's: reject, accept where it states so, else undetermined (docs/answers.md).

        Never raises for what the answer holds; UsageError for a file that cannot be opened.
        """
        about = None if original is None else load_source(original)
        return self._answers.decode(load_source(answer), about, format)

    def escapes(self, folder: AnyPath, *, manifest: AnyPath | None = None) -> EscapeReport:
        """Measure the rules against the answers in a folder: what customs refused and no rule predicted, and more.

        Pairs are found by LRN or MRN, else by the folder; `manifest` is a CSV file with the columns `declaration` and
        `answer`, relative to the folder, in place of that. A declaration without a reference date is checked on the day
        of its answer. UsageError for a folder or manifest that cannot be read.
        """
        from casrules.engine.escaping import escapes_of

        listed = Path(manifest) if manifest is not None else None
        return escapes_of(Path(folder), listed, self.validate, self.decode)

    @cached_property
    def _answers(self) -> AnswerDecoder:
        from casrules.engine.decoding import AnswerDecoder

        return AnswerDecoder(self._tools)

    def validate_many(
        self, sources: Iterable[Given], *, as_of: str | date | None = None, lang: str | None = None
    ) -> Iterator[Report]:
        """Check declarations one after the other, in order; nothing is kept between them."""
        for source in sources:
            yield self.validate(source, as_of=as_of, lang=lang)

    def rules(self) -> list[RulePage]:
        """The pages of all rules, in order of id."""
        return [rule_page(self._ruleset.rules[name], self._lang) for name in sorted(self._ruleset.rules)]

    def explain(self, rule_id: str, *, lang: str | None = None) -> RulePage:
        """The page of a rule, by its full id (`eu.ncts.R0223`) or the part after the pack (`R0223`) where it is unique.

        `lang` is the language of its texts in place of the engine's. Raises UsageError, with the nearest known id, for
        an unknown one.
        """
        wanted = self._lang if lang is None else _language(lang)
        return rule_page(self._ruleset.rules[self._full_id(rule_id)], wanted)

    @property
    def packs(self) -> tuple[PackRef, ...]:
        """The packs it applies: id, version, digest."""
        return self._tools.packs

    def _full_id(self, rule_id: str) -> str:
        rules = self._ruleset.rules
        current = self._ruleset.ids.canonical(rule_id) or rule_id
        names = {name: (name, rule.packed.rule.id, *rule.packed.rule.aliases) for name, rule in rules.items()}
        found = [name for name, called in names.items() if current in called]
        if len(found) == 1:
            return found[0]
        if found:
            raise UsageError(f"{rule_id!r} names {len(found)} rules", remedy=f"say which: {', '.join(sorted(found))}")
        covering = sorted(name for name, rule in rules.items() if rule.packed.answers(rule_id))
        if covering:
            remedy = f"it is a code of customs, covered by {', '.join(covering)}"
            raise UsageError(f"there is no rule {rule_id!r}", remedy=remedy)
        known = [*rules, *(rule.packed.rule.id for rule in rules.values())]
        near = difflib.get_close_matches(rule_id, known, n=1, cutoff=0.4)
        remedy = f"did you mean {near[0]}?" if near else "casrules rules lists them"
        raise UsageError(f"there is no rule {rule_id!r}", remedy=remedy)


def _packs(
    given: Iterable[AnyPath] | None, more: Iterable[AnyPath], cache_dir: AnyPath | None, limits: Limits
) -> LoadedPacks:
    """The packs to run, those they include, and what is compiled of the shipped ones."""
    shipped, compiled = shared_packs(Path(cache_dir) if cache_dir is not None else None)
    by_id = {pack.id: pack for pack in shipped}
    own = [Path(folder) for folder in more]
    if given is None:
        loaded = list(shipped)
    else:
        named = [str(folder) for folder in given]
        loaded = [by_id[name] for name in named if name in by_id]
        own = [*(Path(name) for name in named if name not in by_id), *own]
    loaded += [load_pack(folder, limits) for folder in own]
    beside = finder([folder.resolve().parent for folder in own], lambda folder: load_pack(folder, limits))
    return LoadedPacks(gather(loaded, lambda wanted: by_id.get(wanted) or beside(wanted)), compiled)


def _reference(pack: Pack) -> PackRef:
    return PackRef(id=pack.id, version=pack.manifest.version, digest=pack.digest)


def _plans(
    loaded: LoadedPacks, lists: LoadedLists, choice: Choice, tariff: TariffMeasures | None, limits: Limits
) -> Plans:
    """Shared plans, but where a tariff is given: only its engine has it."""
    shared = shared_plans(loaded, lists, choice, limits)
    return shared if tariff is None else Plans(shared.catalog, shared.ruleset, shared.code_lists, choice, tariff)


def _tariff_reference(tariff: TariffMeasures) -> ReferenceData:
    info = tariff.info
    return ReferenceData(
        kind="tariff", id=info.id, title=info.title, source=info.source, as_of=info.as_of, digest=info.digest
    )


def _code_lists(given: AnyPath | Sequence[AnyPath], limits: Limits) -> LoadedLists:
    """The shipped lists, and those of each path in turn: a later one takes precedence."""
    found, own = shipped_code_lists(), list[ReferenceData]()
    for path in (given,) if isinstance(given, str | os.PathLike) else given:
        more = load_given_lists(Path(path), limits)
        found = found.extended(more.lists)
        own += [
            ReferenceData(
                kind="code list",
                digest=more.digests[name],
                id=name,
                title=lists.title,
                source=lists.source,
                as_of=lists.as_of,
            )
            for name, lists in sorted(more.lists.lists.items())
        ]
    return LoadedLists(found, tuple(own))


def _schemas(given: AnyPath | Sequence[AnyPath]) -> Schemas:
    own = ShippedSchemas.load(schemas_folder())
    folders = (given,) if isinstance(given, str | os.PathLike) else tuple(given)
    if not folders:
        return own
    if len(folders) > 1:
        raise UsageError("one folder of official schemas is meant", remedy="give the folder that holds them all")
    from casrules.messages.official import register

    return register(Path(folders[0]), own)


def _language(given: str) -> str:
    """A language as the packs' files name it; one that no pack has is English in the end."""
    if not re.fullmatch(LANGUAGE, given):
        raise UsageError(f"{given!r} is not a language", remedy='two small letters (ISO 639-1): "de"')
    return given


def _day(given: str | date | None) -> str | None:
    if given is None or isinstance(given, date):
        return given.isoformat()[:10] if given else None
    try:
        return date.fromisoformat(given).isoformat()
    except ValueError:
        raise UsageError(f"{given!r} is not a date", remedy="write it as YYYY-MM-DD") from None
