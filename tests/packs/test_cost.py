from __future__ import annotations

import pytest

from casrules.dictionary import shipped_dictionary
from casrules.language import RuleSource, check_rule
from casrules.packs.cost import MOST_ENTITIES, cost_of


@pytest.mark.parametrize(
    ("target", "require", "visits"),
    [
        ("declaration", "present(declaration.lrn)", 1),
        ("item", "present(item.number)", 10**4),
        ("item", "all(p.count > 0 for p in item.packages)", 10**6),
        ("package", "present(package.count)", 10**6),
        ("declaration", "all(i.number > 0 for i in declaration.items)", 10**4),
        ("declaration", "all(p.count > 0 for p in declaration.items.packages)", MOST_ENTITIES),
        ("item", "count(declaration.items) > 1", 10**4),
        ("item", "any(i.number == item.number for i in declaration.items)", 10**4),
        ("item", "any(i.number != item.number for i in declaration.items)", 10**8),
        ("item", "all(i.net_mass > 0 for i in declaration.items if i.number == item.number)", 10**4),
        ("item", "all(i.net_mass > 0 for i in declaration.items if i.number == 1)", 10**4),
        ("item", "all(i.net_mass > item.net_mass for i in declaration.items if i.number == 1)", 10**8),
        ("item", "all(all(p.count > 0 for p in i.packages) for i in declaration.items)", 10**6),
        ("item", "all(all(p.count > item.number for p in i.packages) for i in declaration.items)", 10**10),
        ("package", "none(present(i.ucr) for i in consignment.items) and package.count > 0", 10**6),
        ("declaration", "all(all(p.count > 0 for p in i.packages) for i in declaration.items)", MOST_ENTITIES),
        ("declaration", "all(all(j.number != i.number for j in declaration.items) for i in declaration.items)", 10**8),
    ],
)
def test_visits_in_the_longest_declaration(target: str, require: str, visits: int) -> None:
    dictionary = shipped_dictionary()
    checked = check_rule(RuleSource("x.A", target, require), dictionary)
    assert cost_of(checked, dictionary).visits == visits
