"""The thirty rules as an experienced developer would write them by hand over our record: one function, one pass.

Any value may be missing; what is missing is not complained about, unless its presence is what a rule asks for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

Complaint = tuple[str, int, int]
BULK = frozenset({"VQ", "VG", "VL"})
TOLERANCE = Decimal("0.01")
HALF = Decimal("0.5")
LRN = re.compile(r"[A-Za-z0-9-]{1,22}").fullmatch
MRN = re.compile(r"[0-9]{2}[A-Z]{2}[A-Z0-9]{12}[J-R][0-9]").fullmatch
EORI = re.compile(r"[A-Z]{2}[A-Za-z0-9]{1,15}").fullmatch
COMMODITY = re.compile(r"[0-9]{8}").fullmatch


def hand_written(
    lists: Mapping[str, frozenset[str]],
) -> Callable[[Mapping[str, Any]], list[Complaint]]:
    """The function, over the work's code lists; a complaint is rule, house from 0 and item from 1 (else -1)."""
    countries, commodities, procedures, packagings = (lists[name] for name in ("CL250", "CL15000", "PROC", "PKG"))

    def check(declaration: Mapping[str, Any]) -> list[Complaint]:
        found: list[Complaint] = []
        complain = found.append
        accepted = declaration.get("acceptance_date")
        mass: Any = 0
        invoiced: Any = 0
        pieces: Any = 0
        total = 0
        some71, all71 = False, True
        consignment = declaration.get("consignment", {})
        for at, house in enumerate(consignment.get("houses", ())):
            items = house.get("items", ())
            if house.get("security_from_export") == "1" and not house.get("departure_transport_means"):
                complain(("C01", at, -1))
            numbers = [number for item in items if (number := item.get("number")) is not None]
            if len(set(numbers)) != len(numbers):
                complain(("C02", at, -1))
            for number, item in enumerate(items, 1):
                get = item.get
                gross, net, code = get("gross_mass"), get("net_mass"), get("commodity_code")
                procedure, value, price = get("procedure"), get("statistical_value"), get("amount_invoiced")
                documents, packages = get("supporting_documents", ()), get("packages", ())
                own = get("number")
                if own is not None and own != number:
                    complain(("I00", at, number))
                # a sum is unknown as soon as a part of it is
                mass = None if mass is None or gross is None else mass + gross
                invoiced = None if invoiced is None or price is None else invoiced + price
                if net is not None:
                    if gross is not None and gross < net:
                        complain(("I01", at, number))
                    if net <= 0:
                        complain(("I02", at, number))
                if code is not None:
                    if not COMMODITY(code):
                        complain(("I03", at, number))
                    if code not in commodities:
                        complain(("I04", at, number))
                    chapter = code[:2]
                    if chapter == "22":
                        for document in documents:
                            if document.get("type") == "C644":
                                break
                        else:
                            complain(("I08", at, number))
                    elif chapter == "87" and get("supplementary_units") is None:
                        complain(("I09", at, number))
                origin = get("country_of_origin")
                if origin is not None and origin not in countries:
                    complain(("I05", at, number))
                if procedure is not None:
                    if procedure not in procedures:
                        complain(("I06", at, number))
                    requested = procedure[:2]
                    if requested == "71":
                        some71 = True
                    else:
                        all71 = False
                        if requested in ("51", "53"):
                            for document in documents:
                                if document.get("type") == "C601":
                                    break
                            else:
                                complain(("I07", at, number))
                if value is not None and price is not None and value < HALF * price:
                    complain(("I10", at, number))
                if not packages:
                    complain(("I11", at, number))
                unnamed = late = False
                seen = set()
                for document in documents:
                    reference = document.get("reference")
                    if reference is None:
                        unnamed = True
                    issued = document.get("issue_date")
                    if issued is not None and accepted is not None and issued > accepted:
                        late = True
                    seen.add((document.get("type"), reference))
                if unnamed:
                    complain(("I12", at, number))
                if late:
                    complain(("I13", at, number))
                if len(seen) != len(documents):
                    complain(("I14", at, number))
                wrong = False
                for package in packages:
                    kind, count = package.get("type"), package.get("count")
                    if pieces is not None:
                        pieces = None if count is None else pieces + count
                    if kind is not None and (
                        kind not in packagings or (count is not None and count <= 0 and kind not in BULK)
                    ):
                        wrong = True
                if wrong:
                    complain(("I15", at, number))
            total += len(items)
        destination = declaration.get("country_of_destination")
        if destination is None:
            if declaration.get("declaration_type") == "EX":
                complain(("H06", -1, -1))
        elif destination not in countries:
            complain(("H01", -1, -1))
        lrn, mrn = declaration.get("lrn"), declaration.get("mrn")
        if lrn is not None and not LRN(lrn):
            complain(("H02", -1, -1))
        if mrn is not None and not MRN(mrn):
            complain(("H03", -1, -1))
        declarant = declaration.get("declarant", {}).get("id")
        if declarant is not None and not EORI(declarant):
            complain(("H04", -1, -1))
        limit = declaration.get("limit_date")
        if accepted is not None and limit is not None and accepted > limit:
            complain(("H05", -1, -1))
        representative = declaration.get("representative")
        if representative is not None and representative.get("status") is None:
            complain(("H07", -1, -1))
        declared = consignment.get("gross_mass")
        if declared is not None and mass is not None and not -TOLERANCE <= declared - mass <= TOLERANCE:
            complain(("H08", -1, -1))
        packed = declaration.get("total_packages")
        if packed is not None and pieces is not None and packed != pieces:
            complain(("H09", -1, -1))
        amount = declaration.get("total_amount_invoiced")
        if amount is not None and invoiced is not None and not -TOLERANCE <= amount - invoiced <= TOLERANCE:
            complain(("H10", -1, -1))
        declared_items = declaration.get("item_count")
        if declared_items is not None and declared_items != total:
            complain(("H11", -1, -1))
        if some71 and not all71:
            complain(("H12", -1, -1))
        return found

    return check
