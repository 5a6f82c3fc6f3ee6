"""The data elements of customs declarations: names, types, units, EUCDM numbers, labels, privacy, entity tree."""

from casrules.dictionary.elements import SCALAR_TYPES, Chain, Dictionary, Element, Entity, Step
from casrules.dictionary.loading import load_dictionary, shipped_dictionary
from casrules.dictionary.values import Invalid

__all__ = [
    "SCALAR_TYPES",
    "Chain",
    "Dictionary",
    "Element",
    "Entity",
    "Invalid",
    "Step",
    "load_dictionary",
    "shipped_dictionary",
]
