"""Typing of paths: names resolved against the dictionary, from a scope or a comprehension's variable."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from casrules.dictionary import Dictionary, Element
from casrules.errors import DictionaryError
from casrules.language.checked import Read, stored_paths
from casrules.language.scopes import MESSAGE, entity_at, nearest
from casrules.language.syntax import Syntax
from casrules.language.tree import Hop, Path
from casrules.language.types import ENTITY, KIND_OF, LIST, Type
from casrules.language.vocabulary import Vocabulary

Locals = Mapping[str, str]
"""Comprehension variables in sight, each with its entity."""


def split_path(node: ast.expr) -> tuple[ast.Name, tuple[str, ...]] | None:
    """A dotted name as its first name and the names after it; None for anything else."""
    names: list[str] = []
    while isinstance(node, ast.Attribute):
        names.append(node.attr)
        node = node.value
    return (node, tuple(reversed(names))) if isinstance(node, ast.Name) else None


def type_path(
    vocabulary: Vocabulary, syntax: Syntax, node: ast.expr, locals_: Locals, *, through_lists: bool = False
) -> Path:
    """The path `node` writes. A value behind a list is refused unless `through_lists` (message lists, `at`)."""
    parts = split_path(node)
    if parts is None:
        raise syntax.fault("a path of names is wanted here", node, "write a dotted name: item.packages")
    root, names = parts
    scope, names, entity = _begin(vocabulary, syntax, root, names, locals_)
    elements = _resolve(vocabulary, syntax, node, entity, names)
    many = [element for element in elements if element.many]
    last = elements[-1] if elements else None
    if last is not None and last.is_scalar and many and not through_lists:
        raise syntax.fault(
            f"{many[-1].name} is a list, one value is meant",
            node,
            f"say which: any(x.{names[-1]} … for x in {'.'.join((root.id, *names[:-1]))})",
        )
    _check_family(vocabulary, syntax, node, elements)
    vocabulary.reads |= reads_of(vocabulary.dictionary, elements)
    hops = tuple(hops_of(vocabulary.dictionary, elements))
    return Path(scope, names, elements, hops, type=_type(entity, last, many=bool(many)), text=syntax.source(node))


def _type(entity: str, last: Element | None, *, many: bool) -> Type:
    if last is None:
        return Type(ENTITY, entity)
    if last.is_scalar and not many:
        return Type(KIND_OF[last.type])
    return Type(LIST if many else ENTITY, last.type)


def _begin(
    vocabulary: Vocabulary, syntax: Syntax, root: ast.Name, names: tuple[str, ...], locals_: Locals
) -> tuple[str, tuple[str, ...], str]:
    name = root.id
    if name in locals_:
        return name, names, locals_[name]
    if name in vocabulary.scopes.entities:
        return name, names, vocabulary.scopes.entities[name]
    if name == MESSAGE:
        return vocabulary.dictionary.root, (MESSAGE, *names), vocabulary.dictionary.root
    raise syntax.fault(f"unknown name {name!r}", root, _suggest(vocabulary, name, locals_))


def _suggest(vocabulary: Vocabulary, name: str, locals_: Locals) -> str:
    """An element of that name that is in sight, else the nearest name."""
    for chain in vocabulary.scopes.chains:
        for scope, depth in reversed(chain.scopes.items()):
            if vocabulary.dictionary.find(entity_at(chain, depth), name):
                return f"did you mean {scope}.{name}?"
    if name.isupper():
        return f'quote codes: "{name}"'
    return nearest(name, {*vocabulary.names(), *locals_})


def _resolve(
    vocabulary: Vocabulary, syntax: Syntax, node: ast.expr, entity: str, names: tuple[str, ...]
) -> tuple[Element, ...]:
    try:
        return vocabulary.dictionary.resolve(entity, names)
    except DictionaryError as error:
        raise syntax.fault(error.problem, node, error.remedy) from None


def _check_family(vocabulary: Vocabulary, syntax: Syntax, node: ast.expr, elements: tuple[Element, ...]) -> None:
    for element in elements:
        if element.name in vocabulary.known.families and vocabulary.families != {element.name}:
            raise syntax.fault(
                f"{element.name} elements exist in that family only",
                node,
                f"limit the rule's scope to messages of the family {element.name}",
            )


def reads_of(dictionary: Dictionary, elements: tuple[Element, ...]) -> set[Read]:
    """The stored (entity, element) pairs along `elements`, views resolved to what they join."""
    found: set[Read] = set()
    for element in elements:
        if not element.view:
            found.add((element.entity, element.name))
        for names in stored_paths((element,)) if element.view else ():
            found.update((part.entity, part.name) for part in dictionary.resolve(element.entity, names))
    return found


def hops_of(dictionary: Dictionary, elements: tuple[Element, ...]) -> Iterator[Hop]:
    """The moves along stored elements; a view of one part is the moves of that part."""
    for element in elements:
        if len(element.view) > 1:
            yield Hop(element.view, True)
            continue
        names = element.view[0] if element.view else (element.name,)
        for part in dictionary.resolve(element.entity, names):
            yield Hop(((part.name,),), part.many)
