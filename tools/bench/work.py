"""The shared work of the comparison with other engines: where it lies, and its declarations as our record."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from types import ModuleType
from typing import Any

FOLDER = Path(os.environ.get("CASRULES_BENCH", Path(__file__).resolve().parents[3] / "shared" / "bench"))
DECLARATIONS = {1: 400, 20: 60, 500: 4}
"""How many declarations of how many items."""


def shared(name: str) -> ModuleType | None:
    """A module of the shared work, None where it is absent."""
    if not (FOLDER / f"{name}.py").is_file():
        return None
    if str(FOLDER) not in sys.path:
        sys.path.append(str(FOLDER))
    return importlib.import_module(name)


def record(declaration: Mapping[str, Any]) -> dict[str, Any]:
    """A declaration of the work as our record: decimals exact, what is blank or None left out."""
    parties = {name: _filled(declaration[name] or {}, {"id": "id", "name": "name", "status": "status"})
               for name in ("declarant", "representative") if declaration[name]}  # fmt: skip
    header = _filled(declaration, _HEADER)
    consignment = {
        "gross_mass": _exact(declaration["totalGross"]),
        "houses": list(map(_house, declaration["consignments"])),
    }
    return {**header, **parties, "consignment": consignment}


_HEADER = {
    "lrn": "lrn", "mrn": "mrn", "type": "declaration_type", "acceptanceDate": "acceptance_date",
    "departureDate": "limit_date", "destination": "country_of_destination", "totalItems": "item_count",
    "invoiceTotal": "total_amount_invoiced", "totalPackages": "total_packages",
}  # fmt: skip
_ITEM = {
    "seq": "number", "commodity": "commodity_code", "procedure": "procedure", "origin": "country_of_origin",
    "gross": "gross_mass", "net": "net_mass", "statValue": "statistical_value", "invoiceAmount": "amount_invoiced",
    "suppUnits": "supplementary_units",
}  # fmt: skip


def _house(consignment: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {"sequence_number": consignment["seq"]}
    found["security_from_export"] = str(consignment["containerIndicator"])
    if consignment["equipment"]:
        found["departure_transport_means"] = [{"id": one["id"]} for one in consignment["equipment"]]
    found["items"] = [_item(item) for item in consignment["items"]]
    return found


def _item(item: Mapping[str, Any]) -> dict[str, Any]:
    found = _filled(item, _ITEM)
    documents = [_filled(one, {"type": "type", "ref": "reference", "date": "issue_date"}) for one in item["documents"]]
    packages = [_filled(one, {"type": "type", "count": "count", "marks": "marks"}) for one in item["packages"]]
    return {**found, **{name: entries for name, entries in
                        (("supporting_documents", documents), ("packages", packages)) if entries}}  # fmt: skip


def _filled(values: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    return {ours: _exact(values[theirs]) for theirs, ours in names.items() if values.get(theirs) not in (None, "")}


def _exact(value: Any) -> Any:
    return Decimal(str(round(value, 3))) if isinstance(value, float) else value
