"""Plain pack data as YAML text that `yaml_text` reads back the same."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml


def write_yaml(content: Mapping[str, Any]) -> str:
    """`content` as YAML, keys in their order, texts quoted where they would be read as something else."""
    return yaml.safe_dump(dict(content), sort_keys=False, allow_unicode=True, width=100)
