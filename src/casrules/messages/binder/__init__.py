"""Turns the mapping of a message into one generated function that binds an XML tree to a record."""
