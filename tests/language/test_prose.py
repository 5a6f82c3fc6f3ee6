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
         "At least one of the documents of the item where the document reference is given has: "
         'the document type equals "C644".'),
        ("not (missing(item.ucr) or item.procedure[:2] in {'40', '42'})", None,
         "The reference number/UCR of the item is given and "
         'the first 2 characters of the procedure of the item is not one of "40", "42".'),
        ("not all(p.count > 0 for p in item.packages)", None,
         "Not each of the packaging of the item has: the number of packages is more than 0."),
        ("valid_eori(item.consignee.id) and listed(item.procedure, 'CL1')", None,
         "The identification number of the consignee of the item is a well-formed EORI and "
         "the procedure of the item is in code list CL1."),
        ("within(item.net_mass, sum(p.count for p in item.packages), 1) and matches(item.ucr, '[0-9]')", None,
         "The net mass of the item equals the sum of the number of packages in the packaging of the item within 1 and "
         'the reference number/UCR of the item has the form "[0-9]".'),
        ("item.acceptance_date >= date('2025-01-21')", None,
         "The date of acceptance of the item is not before 2025-01-21."),
    ],
)  # fmt: skip
def test_sentences(check: Any, require: str, when: str | None, words: str) -> None:
    assert sentence(check("item", require, when).branches[0]) == words
