"""A customer's configuration rules: what they fill in or correct in a declaration between binding and checking."""

from casrules.configuration.loading import ConfigurationSet, configuration_set
from casrules.configuration.memory import Memory, RecordMemory
from casrules.configuration.previewing import Turn, preview
from casrules.configuration.proposing import Candidate, Proposal, complete
from casrules.configuration.settling import Settled, settle
from casrules.configuration.statements import Statements, shipped_statements

__all__ = [
    "Candidate",
    "ConfigurationSet",
    "Memory",
    "Proposal",
    "RecordMemory",
    "Settled",
    "Statements",
    "Turn",
    "complete",
    "configuration_set",
    "preview",
    "settle",
    "shipped_statements",
]
