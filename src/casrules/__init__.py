"""casrules: validates customs declarations before they are sent, and says what to change, where and why."""

__version__ = "0.1.0"
