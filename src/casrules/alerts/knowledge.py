"""What the library knows of answers: shapes, explained codes and pointer tables, from `rulesets/errors`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from casrules.alerts.code_models import CodeEntry, CodeFile
from casrules.alerts.pointer_tables import PointerTable, load_pointer_table
from casrules.alerts.shape_models import Shape, ShapeFile
from casrules.errors import PackError
from casrules.limits import DEFAULT_LIMITS, Limits
from casrules.packs.model_errors import read_model
from casrules.packs.yaml_text import read_yaml
from casrules.resources import rulesets_folder

CodeKey = tuple[str, str, str]
"""System, list, code."""


@dataclass(frozen=True)
class Knowledge:
    """Shapes in order of file and place, code entries by (system, list, code), pointer tables by name. Immutable."""

    shapes: tuple[Shape, ...]
    codes: Mapping[CodeKey, CodeEntry]
    pointers: Mapping[str, PointerTable]

    def explain(self, system: str, list_: str, code: str) -> CodeEntry | None:
        """The entry of a code, None where nobody has explained it."""
        return self.codes.get((system, list_, code))

    @cached_property
    def roots(self) -> Mapping[str, tuple[Shape, ...]]:
        """Local name of a root → the shapes that may begin with it; under the empty name those that do not say."""
        found: dict[str, list[Shape]] = {}
        for shape in self.shapes:
            for name in shape.recognise.root or ("",):
                found.setdefault(name, []).append(shape)
        return {name: tuple(shapes) for name, shapes in found.items()}


@cache
def shipped_knowledge() -> Knowledge:
    """What ships with the library, read once."""
    return load_knowledge(rulesets_folder() / "errors")


def load_knowledge(folder: Path, limits: Limits = DEFAULT_LIMITS) -> Knowledge:
    """Read every file below `folder`; PackError with file and line for what is broken or said twice."""
    tables = {path.stem: load_pointer_table(path) for path in sorted((folder / "pointers").glob("*.csv"))}
    shapes = tuple(_shapes(folder / "shapes", tables, limits))
    return Knowledge(shapes, _codes(folder / "codes", limits), tables)


def _shapes(folder: Path, tables: Mapping[str, PointerTable], limits: Limits) -> Iterator[Shape]:
    seen: set[str] = set()
    for path in sorted(folder.glob("*.yaml")):
        lines = read_yaml(path, limits).lines
        for at, shape in enumerate(read_model(ShapeFile, lines).shapes):
            if shape.id in seen:
                raise PackError(f"the shape {shape.id!r} is there twice", place=lines.place("shapes", at))
            seen.add(shape.id)
            for entry in shape.entries:
                for pointer in entry.pointer:
                    if pointer.table and pointer.table not in tables:
                        known = ", ".join(sorted(tables))
                        raise PackError(
                            f"there is no pointer table {pointer.table!r}",
                            place=lines.place("shapes", at, "entries"),
                            remedy=f"known: {known}",
                        )
            yield shape


def _codes(folder: Path, limits: Limits) -> dict[CodeKey, CodeEntry]:
    found: dict[CodeKey, CodeEntry] = {}
    for path in sorted(folder.glob("*.yaml")):
        lines = read_yaml(path, limits).lines
        file = read_model(CodeFile, lines)
        for code, entry in file.codes.items():
            for system in file.system:
                key = (system, file.list, code)
                if key in found:
                    problem = f"{system} {file.list} {code} is explained twice"
                    raise PackError(problem, place=lines.place("codes", code), remedy="keep one of them")
                found[key] = entry
    return found
