"""Whatever comes in, the technical stage answers quickly, in little memory, without an exception."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from .hostile_inputs import INPUTS

MEGABYTES = 300
SECONDS = 4.0
"""The promise is 1 s on a quiet machine; the slack is for shared ones."""

CHILD = """
import importlib.util, json, os, resource, sys, time
spec = importlib.util.spec_from_file_location("hostile_inputs", sys.argv[1])
inputs = importlib.util.module_from_spec(spec); spec.loader.exec_module(inputs)
from casrules.messages.detection import detect
from casrules.messages.family import Families
from casrules.messages.reading import read
from casrules.messages.schema_sets import ShippedSchemas
from casrules.messages.validation import validate
from casrules.resources import schemas_folder
folder = schemas_folder()
families, schemas = Families.load(folder / "families"), ShippedSchemas.load(folder)

def check(source):
    intake = read(source)
    detection = detect(intake, families)
    return validate(intake, detection, schemas)

first = check(b'<n:CC015C xmlns:n="http://ncts.dgtaxud.ec" PhaseID="NCTS5.1"/>')
assert first.valid is False
for name in sys.argv[2:]:
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        source = inputs.INPUTS[name]()
        idle = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        before = time.process_time()
        result = check(source)
        spent = time.process_time() - before
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        faults = sorted({fault.kind for fault in result.faults})
        leaked = any("root:" in fault.text for fault in result.faults)
        told = [name, result.valid, faults[:5], spent, (peak - idle) / 1024, leaked, len(result.faults)]
        os.write(writer, json.dumps(told).encode() + b"\\n")
        os._exit(0)
    _, status = os.waitpid(child, 0)
    os.close(writer)
    print(os.read(reader, 65536).decode().strip() or json.dumps([name, status]), flush=True)
"""


@pytest.fixture(scope="module")
def outcomes() -> dict[str, list[object]]:
    inputs = str(Path(__file__).with_name("hostile_inputs.py"))
    command = [sys.executable, "-c", CHILD, inputs, *INPUTS]
    done = subprocess.run(command, capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    return {line[0]: line for line in lines}


@pytest.mark.parametrize("name", INPUTS)
def test_a_hostile_input_is_answered_within_bounds(name: str, outcomes: dict[str, list[object]]) -> None:
    outcome = outcomes[name]
    assert len(outcome) == 7, f"the process died: {outcome}"
    _, valid, kinds, seconds, megabytes, leaked, faults = outcome
    assert valid is not True
    assert kinds
    assert not leaked
    assert isinstance(faults, int) and faults <= 1_100
    assert isinstance(seconds, float) and seconds < SECONDS, outcome
    assert isinstance(megabytes, float) and megabytes < MEGABYTES, outcome
