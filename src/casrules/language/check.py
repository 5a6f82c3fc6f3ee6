"""Checks one rule against the dictionary and turns its texts into a `CheckedRule`."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping

from casrules.dictionary import Dictionary
from casrules.errors import RuleError
from casrules.language.checked import CheckedBranch, CheckedRule, Template, conjunction
from casrules.language.functions import KNOWN_NAMES
from casrules.language.inference import Inference
from casrules.language.paths import type_path
from casrules.language.scopes import Scopes, duplicate, find_scopes, names_in
from casrules.language.sources import BranchSource, RuleSource, Text, as_text
from casrules.language.syntax import Syntax, parse
from casrules.language.templates import check_template
from casrules.language.tree import Node, Path
from casrules.language.vocabulary import Known, Vocabulary
from casrules.limits import DEFAULT_LIMITS, Limits

_PLACEHOLDER = re.compile(r"\{([^{}:]*)")
_NAME = re.compile(r"[a-z][a-z0-9_]*")


def check_rule(
    source: RuleSource,
    dictionary: Dictionary,
    *,
    code_lists: Collection[str] | None = None,
    tables: Mapping[str, Mapping[str, str]] | None = None,
    table_words: Mapping[str, Mapping[str, str]] | None = None,
    families: Iterable[str] = (),
    limits: Limits = DEFAULT_LIMITS,
) -> CheckedRule:
    """Type-check a rule; RuleError with place and remedy for whatever is wrong in it.

    `code_lists` are the names of the lists that exist, `tables` the look-up tables with the dictionary type of each
    column (None: not checked), `table_words` what their columns hold. `families` are the ids of all message families;
    an element with such a name belongs to that family, and the rule's own `families` must be just that one.
    """
    texts = _Texts(source, limits)
    scopes = find_scopes(dictionary, texts.target, texts.names(), source.id)
    vocabulary = Vocabulary(
        dictionary,
        scopes,
        Known(code_lists, tables, frozenset(families), table_words or {}),
        texts.lets,
        source.params,
        source.families,
        limits.expression_characters,
    )
    _check_names(source, scopes)
    when = _condition(vocabulary, texts.when)
    branches = tuple(_branch(vocabulary, texts, branch) for branch in texts.branches)
    alternatives = tuple(check_template(vocabulary, texts.text(entry), limits) for entry in source.alternatives)
    return CheckedRule(source.id, texts.target.value, scopes.chains, when, branches, alternatives)


class _Texts:
    """The texts of a rule, parsed once; branches completed with what the rule says for all of them."""

    def __init__(self, source: RuleSource, limits: Limits) -> None:
        self.limits = limits
        self.source = source
        self.target = as_text(source.target, source.place)
        self.lets = {name: self.parse(text) for name, text in source.let.items()}
        self.when = self.parse(source.when) if source.when is not None else None
        self.branches = tuple(self._completed(branch) for branch in _branches(source))

    def text(self, text: Text | str) -> Text:
        return as_text(text, self.source.place)

    def parse(self, text: Text | str) -> Syntax:
        return parse(self.text(text), self.limits)

    def _completed(self, branch: BranchSource) -> ParsedBranch:
        message = branch.message if branch.message is not None else self.source.message
        return ParsedBranch(
            branch.key,
            self.parse(branch.when) if branch.when is not None else None,
            self.parse(branch.require),
            tuple(self.parse(path) for path in branch.at or self.source.at),
            self.text(message) if message is not None else None,
        )

    def names(self) -> Iterator[str]:
        """Every name with which an expression, an `at` path or a placeholder begins, through `let` as far as used."""
        pending = [self.when] if self.when else []
        for text in (self.text(entry) for entry in self.source.alternatives):
            yield from (match[1].split(".")[0].strip() for match in _PLACEHOLDER.finditer(text.value))
        for branch in self.branches:
            pending += [syntax for syntax in (branch.when, branch.require, *branch.at) if syntax]
            if branch.message is not None:
                yield from (match[1].split(".")[0].strip() for match in _PLACEHOLDER.finditer(branch.message.value))
        seen: set[str] = set()
        while pending:
            for name in names_in(pending.pop().body):
                yield name
                if name in self.lets and name not in seen:
                    seen.add(name)
                    pending.append(self.lets[name])


class ParsedBranch:
    """The parsed texts of one branch."""

    __slots__ = ("at", "key", "message", "require", "when")

    def __init__(
        self, key: str, when: Syntax | None, require: Syntax, at: tuple[Syntax, ...], message: Text | None
    ) -> None:
        self.key = key
        self.when = when
        self.require = require
        self.at = at
        self.message = message


def _branches(source: RuleSource) -> tuple[BranchSource, ...]:
    if (source.require is None) == (not source.branches):
        raise RuleError(
            f"{source.id}: a rule has either `require` or `branches`",
            place=source.place,
            remedy="give one of them",
        )
    keys = [branch.key for branch in source.branches]
    if len(set(keys)) < len(keys):
        raise RuleError(f"{source.id}: two branches have one key", place=source.place, remedy="name each branch")
    return source.branches if source.require is None else (BranchSource(source.require),)


def _check_names(source: RuleSource, scopes: Scopes) -> None:
    for name in (*source.let, *source.params):
        if name in {*scopes.possible, *KNOWN_NAMES, "message", "reference_date", "true", "false"}:
            raise duplicate(name, source.place)
        if not _NAME.fullmatch(name):
            raise RuleError(
                f"{source.id}: {name!r} is not a name",
                place=source.place,
                remedy="small letters, digits, underscores",
            )
    if both := set(source.let) & set(source.params):
        raise duplicate(min(both), source.place)


def _condition(vocabulary: Vocabulary, syntax: Syntax | None) -> Node | None:
    return Inference(vocabulary, syntax, {}).condition(syntax.body) if syntax is not None else None


def _branch(vocabulary: Vocabulary, texts: _Texts, parsed: ParsedBranch) -> CheckedBranch:
    vocabulary.reads = set()
    vocabulary.nodes = 0
    when = conjunction(_condition(vocabulary, texts.when), _condition(vocabulary, parsed.when))
    require = Inference(vocabulary, parsed.require, {}).condition(parsed.require.body)
    at = tuple(_place(vocabulary, syntax) for syntax in parsed.at)
    message: Template | None = None
    if parsed.message is not None:
        message = check_template(vocabulary, parsed.message, texts.limits)
    chains = tuple(range(len(vocabulary.scopes.chains)))
    return CheckedBranch(parsed.key, when, require, at, message, frozenset(vocabulary.reads), chains)


def _place(vocabulary: Vocabulary, syntax: Syntax) -> Path:
    return type_path(vocabulary, syntax, syntax.body, {}, through_lists=True)
