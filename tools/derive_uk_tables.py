"""Derive the look-up tables of the rule pack uk.cds from a folder of public reference data.

    python tools/derive_uk_tables.py FOLDER

Written are the tables below rulesets/uk/cds/tables that are too long to be kept by hand: the locations of goods, and
what the documents of appendix 5A ask for. Only codes are taken.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

TARGET = Path(__file__).resolve().parent.parent / "rulesets" / "uk" / "cds" / "tables"
LOCATIONS = Path("uk/codelists/exports-frontend/goods-locations-codes")
DOCUMENTS = Path("uk/codelists/appendix5a_documents.csv")
MOST_PREFIXES = 6
FLOWS = {"I": "import", "IMPORT": "import", "E": "export"}


def locations(folder: Path) -> Iterator[Sequence[str]]:
    """Identifier, country and type of every location; the type is left open where a place is listed under two.

    A listed code is country, type, qualifier U and identifier: GB A U ABDABDABD.
    """
    types: dict[str, set[str]] = {}
    countries: dict[str, str] = {}
    for path in sorted((folder / LOCATIONS).glob("*.json")):
        for entry in json.loads(path.read_text("utf-8")):
            code = entry["code"]
            types.setdefault(code[4:], set()).add(code[2])
            countries[code[4:]] = code[:2]
    yield "identifier", "country", "type"
    for name in sorted(types):
        yield name, countries[name], next(iter(types[name])) if len(types[name]) == 1 else ""


def documents(folder: Path) -> Iterator[Sequence[str]]:
    """What each document takes: the flow it is for (where only one), whether a status, how its reference begins."""
    yield "document", "flow", "status", *(f"prefix_{number}" for number in range(1, MOST_PREFIXES + 1))
    with (folder / DOCUMENTS).open(encoding="utf-8", newline="") as stream:
        for row in sorted(csv.DictReader(stream), key=lambda row: row["document_code"]):
            prefixes = row["id_prefix"].split()
            status = "none" if row["no_status_code"] == "yes" else "asked" if row["status_codes_allowed"] else "open"
            blank = [""] * (MOST_PREFIXES - len(prefixes))
            yield row["document_code"], FLOWS.get(row["import_export"].strip().upper(), ""), status, *prefixes, *blank


def written(rows: Iterable[Sequence[str]]) -> str:
    """The rows as a CSV file."""
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\n").writerows(rows)
    return stream.getvalue()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="the folder of reference data")
    folder = parser.parse_args().folder
    TARGET.mkdir(parents=True, exist_ok=True)
    for name, rows in (("goods_locations", locations(folder)), ("documents", documents(folder))):
        text = written(rows)
        (TARGET / f"{name}.csv").write_text(text, encoding="utf-8")
        print(f"{name}: {len(text.splitlines()) - 1} rows, {len(text):,} characters")


if __name__ == "__main__":
    main()
