"""The YAML files that come with the library: families, facts of schemas, texts of faults."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml's where PyYAML has it: a tenth of the time."""


def read_data(path: Path) -> Any:
    """The plain data in a YAML file; yaml.YAMLError where it is none."""
    return yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER)
