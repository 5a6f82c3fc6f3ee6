"""A customer's configuration rules: what they fill in or correct in a declaration between binding and checking."""

from casrules.configuration.loading import ConfigurationSet, configuration_set
from casrules.configuration.settling import Settled, settle
from casrules.configuration.statements import Statements, shipped_statements

__all__ = ["ConfigurationSet", "Settled", "Statements", "configuration_set", "settle", "shipped_statements"]
