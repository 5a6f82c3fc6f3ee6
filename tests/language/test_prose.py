"""Conditions in words."""

from __future__ import annotations

from typing import Any

import pytest

from casrules.language import sentence


@pytest.mark.parametrize(
    ("require", "when", "words"),
    [
        ("item.net_mass <= item.gross_mass + 0.5", "item.gross_mass > 0",
         "Where the gross mass of the item is more than 0: "
         "the net mass of the item is at most (the gross mass of the item plus 0.5)."),
        ("any(d.type == 'C644' for d in item.documents if present(d.reference))", None,
         "For at least one document of the item where the document reference is given, "
         'the document type equals "C644".'),
        ("not (missing(item.ucr) or item.procedure[:2] in {'40', '42'})", None,
         "The reference number/UCR of the item is given and "
         'the procedure of the item does not begin with "40" or "42".'),
        ("not all(package.count > 0 for package in item.packages)", None,
         "The number of packages is at most 0 for at least one package of the item."),
        ("none(missing(p.type) for p in item.packages)", None,
         "The type of packages is missing for no package of the item."),
        ("any(p.count == 1 and p.type == 'BX' for p in item.packages) or count(item.packages) > 0", None,
         '(For at least one package of the item, the number of packages equals 1 and the type of packages equals "BX")'
         " or at least one package of the item is given."),
        ("count(d for d in item.documents if d.type == 'N830') <= 1", None,
         'The count of documents of the item where the document type equals "N830" is at most 1.'),
        ("count(item.packages) == 0 or 2 > item.number", None,
         "No package of the item is given or 2 is more than the goods item number of the item."),
        ("unique((d.type, d.reference) for d in item.documents) and consecutive(i.number for i in declaration.items)",
         None, "The document type with the document reference never repeats among the documents of the item and "
         "the goods item number counts 1, 2, 3 and so on over the goods items."),
        ("length(declaration.lrn) <= 22 and declaration.lrn != 'A'", "present(declaration.lrn)",
         'Where the LRN is given: the LRN has at most 22 characters and differs from "A".'),
        ("length(declaration.lrn) <= 22", "present(declaration.lrn)",
         "The LRN has at most 22 characters, where it is given."),
        ("declaration.office_of_destination.reference[:2] in {'AD', 'SM', 'CH'}", None,
         "The reference number of the customs office of destination begins with \"AD\", \"SM\" or \"CH\"."),
        ("item.procedure not in {'1', '2'} and not item.procedure in {'1', '2', '3'}", None,
         'The procedure of the item is neither "1" nor "2" and is none of "1", "2", "3".'),
        ("(item.number == 1 or item.number == 2) and (item.number == 3 and present(item.ucr))", None,
         "(The goods item number of the item equals 1 or equals 2) and the goods item number of the item equals 3 and "
         "the reference number/UCR of the item is given."),
        ("valid_eori(item.consignee.id) and listed(item.procedure, 'CL1') and listed(item.procedure[:2], 'CL1')", None,
         "The identification number of the consignee of the item is a well-formed EORI and "
         "the procedure of the item is in code list CL1 and "
         "the first 2 characters of the procedure of the item are in code list CL1."),
        ("within(item.net_mass, sum(p.count for p in item.packages), 1) and matches(item.ucr, '[0-9]')", None,
         "The net mass of the item equals the sum of the number of packages of the packaging of the item within 1 and "
         'the reference number/UCR of the item has the form "[0-9]".'),
        ("present(item.ucr) == present(item.procedure)", None,
         "The reference number/UCR of the item and the procedure of the item are both given or both missing."),
        ("(item.number == 1) != declaration.consignment.container_indicator", None,
         "Either (the goods item number of the item equals 1) or "
         "(the container indicator of the consignment is set), not both."),
        ("item.acceptance_date >= date('2025-01-21')", None,
         "The date of acceptance of the item is not before 2025-01-21."),
    ],
)  # fmt: skip
def test_sentences(check: Any, require: str, when: str | None, words: str) -> None:
    assert sentence(check("item", require, when).branches[0]) == words
