"""A topic file of a pack, whole: what the JSON Schema for editors describes."""

from __future__ import annotations

from casrules.packs.configuration import ConfigurationRule, ConfigurationTable
from casrules.packs.models import DecisionTable, PackModel, Rule


class Topic(PackModel):
    """A file of rules, decision tables and configuration rules about one subject."""

    topic: str = ""
    rules: tuple[Rule, ...] = ()
    decisions: tuple[DecisionTable, ...] = ()
    configuration: tuple[ConfigurationRule, ...] = ()
    configuration_tables: tuple[ConfigurationTable, ...] = ()


KEYS = ("rules", "decisions", "configuration", "configuration_tables")
"""A file with one of these is a topic file."""
