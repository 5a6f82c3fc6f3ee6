"""Writes the source of a binder: a function per entity and place, one pass over the children of an element.

With `traced`, the same statements also fill a second tree (`o0` beside `d0`) that holds, instead of each
value, the element it came from: so origins cannot differ from what was bound.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from casrules.messages.binder.tree import (
    Branch,
    Call,
    Candidate,
    Capture,
    Direct,
    EntityEnd,
    Found,
    Frame,
    Node,
    Plan,
    ValueEnd,
)
from casrules.messages.converters import Converter
from casrules.messages.paths import qualified, qualified_attribute

LONGEST_CHAIN = 4
"""Above so many kinds of children, they are told apart by a table and a binary search."""


@dataclass(frozen=True, slots=True)
class Style:
    """How a binder reads: `traced` keeps origins, `careful` skips comments, `local` ignores namespaces."""

    traced: bool = False
    careful: bool = False
    local: bool = False


@dataclass(frozen=True, slots=True)
class Generated:
    """The source of a binder, the tables it looks into, the converters whose memories it wants, in order."""

    source: str
    tables: Mapping[str, Mapping[str, object]]
    converters: tuple[Converter, ...]


def generate(plan: Plan, namespaces: Mapping[str, str], style: Style) -> Generated:
    """The source of `bind(start, root, memories)`, which returns the record (and the origins, if traced)."""
    writer = _Writer(namespaces, style)
    top = writer.frame(plan.top)
    writer.document(plan)
    body = [*writer.functions, *writer.prologue, f"return {top}(start)"]
    memories = [f"m{number}" for number in writer.memories.values()]
    unpack = [f"{', '.join(memories)}, = memories"] if memories else []
    source = "\n".join(["def bind(start, root, memories):", *(f"    {line}" for line in (*unpack, *body)), ""])
    return Generated(source, writer.tables, tuple(writer.memories))


@dataclass(slots=True)
class _Lines:
    """Statements with their indentation."""

    lines: list[str] = field(default_factory=list)
    depth: int = 0

    def add(self, *statements: str) -> None:
        self.lines.extend("    " * self.depth + statement for statement in statements)

    def open(self, head: str) -> None:
        self.add(head)
        self.depth += 1

    def close(self) -> None:
        self.depth -= 1


@dataclass(frozen=True, slots=True)
class _Loop:
    """A loop over children: its variable, how deep it is, and the counters of positions."""

    child: str
    depth: int
    counters: Mapping[tuple[int, int], str]


class _Writer:
    def __init__(self, namespaces: Mapping[str, str], style: Style) -> None:
        self.namespaces = namespaces
        self.style = style
        self.functions: list[str] = []
        self.prologue: list[str] = []
        self.tables: dict[str, dict[str, object]] = {}
        self.memories: dict[Converter, int] = {}
        self._known: dict[tuple[str, ...], str] = {}

    # Functions

    def frame(self, frame: Frame) -> str:
        """Write the function of a frame (once, where several are alike) and give its name."""
        out = _Lines()
        self._begin(out, frame)
        self.node(out, frame.root, "e0", 0)
        return self._function(self._end(out, frame), "e0")

    def held_frame(self, frame: Frame) -> str:
        """The same for an element whose first children are held by name: each is taken, no child is passed over."""
        out = _Lines()
        out.add(f"if len(z0) < len(e0): return {self.frame(frame)}(e0)")  # of some name there are several
        self._begin(out, frame)
        self._actions(out, frame.root, "e0")
        self._leaves(out, frame.root, "z0", 1)
        return self._function(self._end(out, frame), "e0, z0")

    def _begin(self, out: _Lines, frame: Frame) -> None:
        for number, constants in enumerate(frame.constants):
            out.add(f"d{number} = {constants if number == 0 else {}!r}")
            if self.style.traced:
                out.add(f"o{number} = {{None: e0}}")
        self._declare(out, frame.variables)

    def _end(self, out: _Lines, frame: Frame) -> tuple[str, ...]:
        for end in frame.ends:
            if isinstance(end, ValueEnd):
                self._value_end(out, end)
            else:
                self._entity_end(out, end, frame)
        out.add("return d0, o0" if self.style.traced else "return d0")
        return tuple(out.lines)

    def _function(self, body: tuple[str, ...], arguments: str) -> str:
        name = self._known.get(body)
        if name is None:
            name = self._known[body] = f"f{len(self._known)}"
            self.functions += [f"def {name}({arguments}):", *(f"    {line}" for line in body)]
        return name

    def document(self, plan: Plan) -> None:
        """Before all else, take what paths from the document's root lead to."""
        if not plan.captured:
            return
        out = _Lines()
        self._declare(out, plan.captured)
        self.node(out, plan.document, "root", 0)
        self.prologue += out.lines

    def _declare(self, out: _Lines, names: list[str]) -> None:
        declared = [*names, *(f"w{name}" for name in names)] if self.style.traced else names
        if declared:
            out.add(f"{' = '.join(declared)} = None")

    # Nodes

    def node(self, out: _Lines, node: Node, element: str, depth: int) -> None:
        """Write what to do with one element and with what is in it."""
        self._actions(out, node, element)
        if node.children:
            self._children(out, node, element, depth + 1)

    def _actions(self, out: _Lines, node: Node, element: str, held: str = "") -> None:
        if node.texts:
            self._texts(out, node, element)
        for name, action in node.attributes:
            attribute = qualified_attribute(name, self.namespaces)
            out.add(f"s = {element}.get({attribute!r})")
            out.open("if s is not None:")
            self._store(out, action, f"({element}, {attribute!r})")
            out.close()
        for call in node.calls:
            self._call(out, call, element, held)

    def _texts(self, out: _Lines, node: Node, element: str) -> None:
        for action in node.texts:
            if isinstance(action, Capture) and action.element:
                out.add(f"if {action.name} is None: {action.name} = {element}")
        actions = [a for a in node.texts if not (isinstance(a, Capture) and a.element)]
        if actions:
            out.add(f"s = {self._text(element)}")
            out.open("if s is not None:")
            for action in actions:
                self._store(out, action, element)
            out.close()

    def _text(self, element: str) -> str:
        return f"whole_text({element})" if self.style.careful else f"{element}.text"

    def _store(self, out: _Lines, action: Direct | Capture, origin: str) -> None:
        """Write what to do with the raw text in `s`."""
        if isinstance(action, Capture):
            out.open(f"if {action.name} is None:")
            out.add(f"{action.name} = s.strip() or None")
            if self.style.traced:
                out.add(f"if {action.name} is not None: w{action.name} = {origin}")
            out.close()
            return
        key = f"d{action.target}[{action.key!r}]"
        out.open(f"if {action.key!r} not in d{action.target}:")
        if action.is_text:
            out.add("x = s.strip()")
            out.open("if x:")
        else:
            out.add(f"x = {self._memory(action.converter)}[s]")
            out.open("if x is not None:")
        out.add(f"{key} = x")
        if self.style.traced:
            out.add(f"o{action.target}[{action.key!r}] = {origin}")
        out.close()
        out.close()

    def _memory(self, converter: Converter) -> str:
        return f"m{self.memories.setdefault(converter, len(self.memories))}"

    def _call(self, out: _Lines, call: Call, element: str, held: str) -> None:
        made = self._made(call.frame, element, held)
        place = call.name or f"d{call.target}[{call.key!r}]"
        origin = f"w{call.name}" if call.name else f"o{call.target}[{call.key!r}]"
        absent = f"{call.name} is None" if call.name else f"{call.key!r} not in d{call.target}"
        if self.style.traced:
            if call.many:
                out.add(f"x, y = {made}")
                out.add(
                    f"if {absent}: {place} = [x]; {origin} = [y]",
                    f"else: {place}.append(x); {origin}.append(y)",
                )
            else:
                out.add(f"if {absent}: {place}, {origin} = {made}")
        elif call.many:
            out.add(f"if {absent}: {place} = [{made}]", f"else: {place}.append({made})")
        else:
            out.add(f"if {absent}: {place} = {made}")

    def _made(self, frame: Frame, element: str, held: str = "") -> str:
        if frame.is_empty:
            constants = repr(frame.constants[0])
            return f"({constants}, {{None: {element}}})" if self.style.traced else constants
        if held and _has_few_leaves(frame.root):
            return f"{self.held_frame(frame)}({element}, {held})"
        return f"{self.frame(frame)}({element})"

    # Children

    def _children(self, out: _Lines, node: Node, element: str, depth: int) -> None:
        by_tag: dict[str, list[Branch]] = {}
        for branch in node.children:
            by_tag.setdefault(self._tag(branch.tag), []).append(branch)
        child = f"{'c' if element == 'root' else 'e'}{depth}"
        loop = _Loop(child, depth, self._counters(out, node, depth))
        # A slice makes the list of children in one call: a third faster than lxml's iterator.
        out.open(f"for {child} in {element}[:]:")
        out.add(f"t = {'local_name(' + child + ')' if self.style.local else child + '.tag'}")
        plain = self._plain(by_tag) if len(by_tag) > LONGEST_CHAIN else {}
        rest = {tag: branches for tag, branches in by_tag.items() if tag not in plain}
        if plain:
            target = next(iter(plain.values())).target
            table = self._table({tag: direct.key for tag, direct in plain.items()})
            out.add(f"k = {table}(t)")
            out.open("if k is not None:")
            self._store_plain(out, target, child)
            out.add("continue")
            out.close()
        items = list(rest.items())
        if len(items) > LONGEST_CHAIN:
            table = self._table({tag: number for number, tag in enumerate(rest)})
            out.add(f"q = {table}(t)", "if q is None: continue")
            self._search(out, items, 0, loop)
        else:
            self._chain(out, [(f"t == {tag!r}", branches) for tag, branches in items], loop)
        out.close()

    def _plain(self, by_tag: dict[str, list[Branch]]) -> dict[str, Direct]:
        """The children that are nothing but text for one dict: the dict that most of them fill."""
        found: dict[int, dict[str, Direct]] = {}
        for tag, branches in by_tag.items():
            node = branches[0].node
            alone = len(branches) == 1 and not branches[0].conditions and len(node.texts) == 1
            if alone and not (node.attributes or node.calls or node.children):
                text = node.texts[0]
                if isinstance(text, Direct) and text.is_text:
                    found.setdefault(text.target, {})[tag] = text
        return max(found.values(), key=len, default={})

    def _store_plain(self, out: _Lines, target: int, child: str) -> None:
        out.add(f"s = {self._text(child)}")
        out.open(f"if s is not None and k not in d{target}:")
        out.add("x = s.strip()")
        out.open("if x:")
        out.add(f"d{target}[k] = x")
        if self.style.traced:
            out.add(f"o{target}[k] = {child}")
        out.close()
        out.close()

    def _search(self, out: _Lines, items: list[tuple[str, list[Branch]]], first: int, loop: _Loop) -> None:
        """Binary search for the number `q` of the child's name."""
        if len(items) <= 2:
            numbered = [(f"q == {first + at}", branches) for at, (_, branches) in enumerate(items)]
            self._chain(out, numbered, loop)
            return
        half = len(items) // 2
        out.open(f"if q < {first + half}:")
        self._search(out, items[:half], first, loop)
        out.close()
        out.open("else:")
        self._search(out, items[half:], first + half, loop)
        out.close()

    def _chain(self, out: _Lines, tests: list[tuple[str, list[Branch]]], loop: _Loop) -> None:
        for at, (test, branches) in enumerate(tests):
            out.open(f"{'el' if at else ''}if {test}:")
            held = self._hold_children(out, branches, loop)
            texts = self._condition_texts(out, branches, loop, held)
            for branch in branches:
                self._branch(out, branch, loop, texts, held)
            out.close()

    def _hold_children(self, out: _Lines, branches: list[Branch], loop: _Loop) -> str:
        """Where several branches look into one element, hold its first children by name: one walk for all."""
        asked = any(len(c.target) == 1 and not c.target[0].startswith("@") for b in branches for c in b.conditions)
        if len(branches) == 1 or not asked or not any(_is_taken_by_name(branch.node) for branch in branches):
            return ""
        name, tag = f"z{loop.depth}", "local_name(c)" if self.style.local else "c.tag"
        out.add(f"{name} = {{{tag}: c for c in {loop.child}[::-1]}}")
        return name

    def _condition_texts(
        self, out: _Lines, branches: list[Branch], loop: _Loop, held: str
    ) -> dict[tuple[str, ...], str]:
        """Read what the conditions ask for, each target once, into variables."""
        texts: dict[tuple[str, ...], str] = {}
        for condition in (condition for branch in branches for condition in branch.conditions):
            target = condition.target
            if condition.test == "position" or target in texts:
                continue
            name = texts[target] = f"p{loop.depth}_{len(texts)}"
            if held and len(target) == 1 and not target[0].startswith("@"):
                out.add(f"c = {held}.get({self._tag(target[0])!r})")
                out.add(f"{name} = None if c is None else ({self._text('c')} or '').strip()")
            else:
                out.add(f"{name} = {self._target_text(target, loop.child)}")
        return texts

    def _branch(self, out: _Lines, branch: Branch, loop: _Loop, texts: dict[tuple[str, ...], str], held: str) -> None:
        for at, condition in enumerate(branch.conditions):
            if condition.test == "position":
                counter = loop.counters[id(branch), at]
                out.add(f"{counter} += 1")
                out.open(f"if {counter} == {condition.value}:")
                continue
            text = texts[condition.target]
            tests = {"equals": f"{text} == {condition.value!r}", "present": f"{text} is not None"}
            out.open(f"if {tests.get(condition.test, f'{text} is None')}:")
        if held and not branch.node.children:
            self._actions(out, branch.node, loop.child, held)
        elif held and _has_leaves_only(branch.node):
            self._actions(out, branch.node, loop.child, held)
            self._leaves(out, branch.node, held, loop.depth + 1)
        else:
            self.node(out, branch.node, loop.child, loop.depth)
        for _ in branch.conditions:
            out.close()

    def _leaves(self, out: _Lines, node: Node, held: str, depth: int) -> None:
        for branch in node.children:
            child = f"e{depth}"
            out.add(f"{child} = {held}.get({self._tag(branch.tag)!r})")
            out.open(f"if {child} is not None:")
            self._actions(out, branch.node, child)
            out.close()

    def _counters(self, out: _Lines, node: Node, depth: int) -> dict[tuple[int, int], str]:
        found: dict[tuple[int, int], str] = {}
        for branch in node.children:
            for at, condition in enumerate(branch.conditions):
                if condition.test == "position":
                    found[id(branch), at] = name = f"n{depth}_{len(found)}"
                    out.add(f"{name} = 0")
        return found

    def _target_text(self, target: tuple[str, ...], child: str) -> str:
        names = tuple(self._target(name) for name in target)
        if len(names) == 1 and not names[0].startswith("@") and not self.style.local:
            return f"child_text({child}, {names[0]!r})"
        return f"target_text({child}, {names!r}, {'local_name' if self.style.local else 'tag_of'})"

    def _target(self, name: str) -> str:
        if name.startswith("@"):
            return "@" + qualified_attribute(name[1:], self.namespaces)
        return self._tag(name)

    def _tag(self, name: str) -> str:
        return name.rpartition(":")[2] if self.style.local else qualified(name, self.namespaces)

    def _table(self, table: dict[str, object]) -> str:
        for name, known in self.tables.items():
            if known == table:
                return name
        name = f"T{len(self.tables)}"
        self.tables[name] = table
        return name

    # Ends

    def _value_end(self, out: _Lines, end: ValueEnd) -> None:
        for at, candidate in enumerate(end.candidates):
            missing = [f"{end.key!r} not in d{end.target}"] if at else []
            self._candidate(out, end, candidate, missing)

    def _candidate(self, out: _Lines, end: ValueEnd, candidate: Candidate, tests: list[str]) -> None:
        names = candidate.names
        place, origin = f"d{end.target}[{end.key!r}]", f"o{end.target}[{end.key!r}]"
        if not names:
            head = " and ".join(tests) or "True"
            out.add(f"if {head}: {place} = {candidate.converter.read(())!r}")
            return
        some = " or ".join(f"{name} is not None" for name in names)
        out.open(f"if {' and '.join([*tests, f'({some})'])}:")
        raw = names[0] if len(names) == 1 else f"({', '.join(names)})"
        out.add(f"x = {self._memory(candidate.converter)}[{raw}]")
        out.open("if x is not None:")
        out.add(f"{place} = x")
        if self.style.traced:
            traced = [f"w{name}" for name in names]
            out.add(f"{origin} = {traced[0] if len(traced) == 1 else '[' + ', '.join(traced) + ']'}")
        out.close()
        out.close()

    def _entity_end(self, out: _Lines, end: EntityEnd, frame: Frame) -> None:
        for found in end.candidates:
            self._found(out, end, found, frame)

    def _found(self, out: _Lines, end: EntityEnd, found: Found, frame: Frame) -> None:
        if found.target >= 0:
            value, origin, test = f"d{found.target}", f"o{found.target}", f"d{found.target}"
        else:
            value, origin, test = found.name, f"w{found.name}", f"{found.name} is not None"
        absent = f"{end.key!r} not in d{end.target}"
        out.open(f"if {test}:" if end.many else f"if {test} and {absent}:")
        if found.target >= 0 and frame.constants[found.target]:
            out.add(f"{value}.update({frame.constants[found.target]!r})")
        if found.frame is not None:
            out.add(
                f"x, y = {self._made(found.frame, value)}"
                if self.style.traced
                else f"x = {self._made(found.frame, value)}"
            )
            value, origin = "x", "y"
        trees = [("d", value), ("o", origin)] if self.style.traced else [("d", value)]
        for tree, entry in trees:
            place = f"{tree}{end.target}[{end.key!r}]"
            if not end.many:
                out.add(f"{place} = {entry}")
                continue
            entries = f"[{entry}]" if found.target >= 0 else entry
            out.add(f"{place} = {place} + {entries} if {end.key!r} in {tree}{end.target} else {entries}")
        out.close()


def _is_taken_by_name(node: Node) -> bool:
    """Whether it pays to hold the children by name."""
    return _has_leaves_only(node) or any(_has_few_leaves(call.frame.root) for call in node.calls)


def _has_few_leaves(node: Node) -> bool:
    return len(node.children) <= LONGEST_CHAIN and _has_leaves_only(node)


def _has_leaves_only(node: Node) -> bool:
    """Whether all that is wanted below the node is texts and attributes of its children."""
    return bool(node.children) and not any(
        branch.conditions or branch.node.children or branch.node.calls for branch in node.children
    )
