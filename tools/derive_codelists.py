"""Derive the shipped code lists from a folder of public reference data.

    python tools/derive_codelists.py FOLDER

tools/codelists/lists.yaml says which lists, and where their codes stand below FOLDER. Only codes and short names are
taken: a name that is long, or a sentence of law, is replaced by the one of tools/codelists/names.csv or left out.
Written are schemas/codelists/*.csv and their index.yaml.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).resolve().parent
TARGET = HERE.parent / "schemas" / "codelists"
FACTS = Path("eu/codelists/facts_aes_import_codes.csv")
LONGEST_NAME = 70
OF_LAW = re.compile(r"\b(Article|Regulation|Annex|Directive|Decision|\(EU\)|\(EC\)|within the meaning)", re.I)
RANGE = re.compile(r"([A-Z])\.\.([A-Z])")
Codes = dict[str, tuple[str, str]]
"""Name and last day of each code."""


def read_codes(folder: Path, entry: dict[str, Any], source: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Code and text of one list, as the source has them."""
    below = folder / source.get("below", "")
    if "table" in entry:
        code, name = entry.get("keys", ("code", "description"))
        valid = [row for row in rows(below / entry["table"]) if row.get("state", "valid") == "valid"]
        for row in valid[:: entry.get("every", 1)]:
            yield row[code], row[name]
    elif "json" in entry:
        for item in json.loads((below / entry["json"]).read_text("utf-8")):
            code, name = (item.get(key) for key in entry.get("keys", ("code", "en")))
            yield code, name or ""
    else:
        for row in rows(folder / FACTS):
            if row["list"] == entry["facts"]:
                yield from spread(row["code"], row["meaning_own_words"])


def rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        yield from csv.DictReader(stream)


def spread(code: str, name: str) -> Iterator[tuple[str, str]]:
    """`D..H` stands for the codes D, E, F, G and H."""
    span = RANGE.fullmatch(code)
    if not span:
        yield code, name
        return
    for letter in range(ord(span[1]), ord(span[2]) + 1):
        yield chr(letter), name


def own_facts() -> dict[tuple[str, str], dict[str, str]]:
    """Our name of a code, and its last day where it has one, by list and code."""
    found = {}
    for row in rows(HERE / "codelists" / "names.csv"):
        found.update({(name, row["code"]): row for name in row["lists"].split()})
    return found


def short(text: str) -> str:
    """The text if it is a short name, else nothing."""
    text = " ".join(text.split())
    return "" if len(text) > LONGEST_NAME or OF_LAW.search(text) or text.endswith(".") else text


def derive(folder: Path) -> dict[str, str]:
    """The text of every file, by name."""
    about = yaml.safe_load((HERE / "codelists" / "lists.yaml").read_text("utf-8"))
    own = own_facts()
    lists: dict[str, Codes] = {}
    files, index, used = {}, [], set()
    for entry in about["lists"]:
        source = about["sources"][entry["source"]]
        shared = lists.get(entry.get("names", ""), {})
        codes = lists.setdefault(entry["id"], {})
        for code, text in read_codes(folder, entry, source):
            key = (entry["id"], code)
            used.add(key)
            fact = own.get(key, {})
            name = fact.get("name") or short(text) or shared.get(code, ("",))[0]
            codes[code] = (name, fact.get("to", ""))
        if not codes:
            raise SystemExit(f"{entry['id']}: the source has no codes")
        files[f"{entry['id']}.csv"] = table(codes)
        about_list = {"id": entry["id"], "title": entry["title"], "source": source["text"]}
        day = {"as_of": source["as_of"].isoformat()} if "as_of" in source else {}
        index.append({**about_list, **day, **({"partial": True} if "every" in entry else {})})
    idle = sorted(set(own) - used)
    if idle:
        raise SystemExit(f"names.csv names codes that no list has: {idle}")
    files["index.yaml"] = yaml.safe_dump({"lists": index}, sort_keys=False, width=200)
    return files


def table(codes: Codes) -> str:
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    dated = any(last for _, last in codes.values())
    writer.writerow(("code", "name", "to") if dated else ("code", "name"))
    for code, (name, last) in sorted(codes.items()):
        writer.writerow((code, name, last) if dated else (code, name))
    return stream.getvalue()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="the folder of reference data")
    files = derive(parser.parse_args().folder)
    TARGET.mkdir(parents=True, exist_ok=True)
    for stale in (path for path in TARGET.glob("*.csv") if path.name not in files):
        stale.unlink()
    for name, text in files.items():
        (TARGET / name).write_text(text, encoding="utf-8")
    print(f"{len(files) - 1} lists, {sum(map(len, files.values())):,} characters")


if __name__ == "__main__":
    main()
