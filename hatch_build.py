"""Compiles the shipped rule packs when a wheel is built, so that loading them reads no YAML and checks nothing."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompilePacks(BuildHookInterface):
    """Adds `rulesets/compiled.json` to the wheel's data; an editable install reads the packs themselves."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile in a process of its own, as the build must not import what it is building."""
        if version == "editable" or self.target_name != "wheel":
            return
        target = Path(tempfile.mkdtemp(prefix="casrules-")) / "compiled.json"
        environment = {**os.environ, "PYTHONPATH": str(Path(self.root) / "src")}
        command = [sys.executable, "-m", "casrules.rules.compiling", str(target)]
        subprocess.run(command, env=environment, check=True)
        build_data["force_include"][str(target)] = "casrules/_data/rulesets/compiled.json"
