"""Answers from outside (customs, ports, transport), decoded, located in the original, explained, linked to rules."""

from casrules.alerts.decoding import Decoded, Decoder
from casrules.alerts.knowledge import Knowledge, load_knowledge, shipped_knowledge
from casrules.alerts.original import Original
from casrules.alerts.rule_links import RuleLinks
from casrules.alerts.verdicts import verdict_of

__all__ = [
    "Decoded",
    "Decoder",
    "Knowledge",
    "Original",
    "RuleLinks",
    "load_knowledge",
    "shipped_knowledge",
    "verdict_of",
]
