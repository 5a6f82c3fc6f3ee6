"""Keeps the documentation true: command output and reference tables are written from the library itself."""
