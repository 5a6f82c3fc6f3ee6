"""Derive the element tables of a schema set from a folder of official schemas.

    python tools/derive_tables.py SET FOLDER [FOLDER ...]

SET is a key of tools/derive/sets.yaml. Only facts are taken: names, nesting, order, occurrence,
facets, codes. The tables are written to schemas/tables/SET; run `python -m casrules.messages.schema_writer`
afterwards.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import yaml

from casrules.messages.schema_table_files import write_tables
from casrules.messages.schema_tables import SchemaFile, SchemaTables, load_tables
from derive.naming import Namer, simple_types, structures
from derive.official import Shape, ShapeReader, open_schema

HERE = Path(__file__).resolve().parent


def source_files(entry: dict[str, Any], folders: list[Path]) -> list[list[Path]]:
    """The files of one schema, one list per folder they lie in."""
    found: dict[Path, list[Path]] = {}
    for source in entry.get("sources", ()):
        number, _, pattern = source.rpartition(":")
        folder = folders[int(number or 0)]
        files = sorted(folder.glob(pattern))
        if not files:
            raise SystemExit(f"no file {pattern} in {folder}")
        found.setdefault(folder, []).extend(files)
    return list(found.values())


def read_roots(about: dict[str, Any], folders: list[Path]) -> dict[str, dict[str, Shape]]:
    """The shapes of the roots of every schema; a schema stands after those it imports."""
    roots: dict[str, dict[str, Shape]] = {}
    schemas = about["schemas"]
    for name, entry in schemas.items():
        imported = {schemas[each]["namespace"]: roots[each] for each in entry.get("imports", ())}
        roots[name] = {}
        for sources in source_files(entry, folders):
            reader = ShapeReader(about["namespaces"], imported)
            imports = {
                about["namespaces"][schemas[each]["namespace"]]: source_files(schemas[each], folders)[0][0]
                for each in entry.get("imports", ())
                if "sources" in schemas[each]
            }
            schema = open_schema(about["namespaces"][entry["namespace"]], sources, imports)
            roots[name].update(reader.roots(schema, entry["roots"]))
            print(f"{name}: {len(roots[name])} roots from {len(sources)} files")
    return roots


def derive(set_id: str, about: dict[str, Any], folders: list[Path], labels: dict[str, str]) -> SchemaTables:
    roots = read_roots(about, folders)
    namer = Namer()
    for name, found in roots.items():
        for root, shape in sorted(found.items()):
            variant = about["schemas"][name].get("variant")
            namer.add_root(f"{root}-{variant}" if variant else root, shape)
    names = namer.name_all()
    schemas = {
        name: SchemaFile(
            name=name,
            namespace=entry["namespace"],
            roots={root: names[shape] for root, shape in sorted(roots[name].items())},
            imports=tuple(entry.get("imports", ())),
            variant=bool(entry.get("variant")),
        )
        for name, entry in about["schemas"].items()
    }
    return SchemaTables(
        id=set_id,
        title=about["title"],
        version=about["version"],
        status="official-facts",
        order="strict",
        children_form=about["children"],
        namespaces=about["namespaces"],
        schemas=schemas,
        structures=structures(names),
        types=simple_types(names),
        labels=labels,
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("set")
    parser.add_argument("folder", nargs="+", type=Path)
    parser.add_argument("--to", type=Path, default=HERE.parent / "schemas" / "tables")
    asked = parser.parse_args()
    about = yaml.safe_load((HERE / "derive" / "sets.yaml").read_text("utf-8"))[asked.set]
    target = asked.to / asked.set
    target.mkdir(parents=True, exist_ok=True)
    labels = load_tables(target).labels if (target / "set.yaml").exists() else {}
    for name, text in write_tables(derive(asked.set, about, asked.folder, dict(labels))).items():
        (target / name).write_text(text, "utf-8")
    print(f"{target}: {len(load_tables(target).structures)} structures")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
