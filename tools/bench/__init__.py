"""Benchmarks: `python -m tools.bench` (or `make bench`). Ratios measured side by side, never a time as such."""
