"""Tariff measures: which documents a commodity needs, from a file or from anybody's own provider."""

from casrules.tariff.loading import load_tariff
from casrules.tariff.measures import Alternative, Requirement, TariffInfo, TariffMeasures, Trade
from casrules.tariff.serving import carried_with, serve
from casrules.tariff.table import Area, Measure, MeasureTable

__all__ = [
    "Alternative",
    "Area",
    "Measure",
    "MeasureTable",
    "Requirement",
    "TariffInfo",
    "TariffMeasures",
    "Trade",
    "carried_with",
    "load_tariff",
    "serve",
]
