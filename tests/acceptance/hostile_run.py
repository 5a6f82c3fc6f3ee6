"""Runs the engine on hostile inputs, each in a fork of one idle engine, under limits of memory and time.

Prints one line of JSON for each: name, verdict, sources and rules of the findings, CPU seconds, or what went wrong.
"""

from __future__ import annotations

import importlib.util
import json
import os
import resource
import sys
import time
import traceback
from pathlib import Path
from typing import Any

from casrules import Engine

MEGABYTES = 400
"""The promise is 300 MB of memory in use; the limit is on the address space, which is larger."""
CPU_SECONDS = 18


def main(names: list[str]) -> None:
    """Run each named input."""
    inputs = _inputs()
    engine = Engine()
    # what an engine prepares at the first use of a message belongs to the idle engine
    assert engine.validate(inputs["a remote schema location"]()).verdict.outcome == "reject"
    assert engine.validate({"format": "ncts.CC015C", "lrn": "A"}, as_of="2025-02-01").document.family == "ncts"
    for name in names:
        reader, writer = os.pipe()
        child = os.fork()
        if not child:
            os.close(reader)
            told = run(engine, name, inputs[name]())
            with os.fdopen(writer, "w") as pipe:
                json.dump(told, pipe)
            os._exit(0)
        os.close(writer)
        with os.fdopen(reader) as pipe:
            answer = pipe.read()
        _, status = os.waitpid(child, 0)
        print(answer or json.dumps({"name": name, "died": status}), flush=True)


def run(engine: Engine, name: str, source: Any) -> dict[str, Any]:
    """Validate under limits, and tell."""
    address_space = int(Path("/proc/self/statm").read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    most = address_space + MEGABYTES * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    before = time.process_time()
    try:
        report = engine.validate(source)
        text = report.to_json()
    except BaseException:
        return {"name": name, "raised": traceback.format_exc(limit=-4)[-2_000:]}
    return {
        "name": name,
        "seconds": time.process_time() - before,
        "outcome": report.verdict.outcome,
        "sources": sorted({finding.source for finding in report.violations}),
        "rules": sorted({finding.rule for finding in report.violations})[:5],
        "findings": len(report.violations),
        "said": report.violations[0].message.text[:120] if report.violations else "",
        "trace": "Traceback" in text or "root:x:" in text,
        "longest": max((len(finding.message.text) for finding in report.violations), default=0),
        "json_bytes": len(text),
    }


def _inputs() -> Any:
    path = Path(__file__).with_name("hostile_inputs.py")
    spec = importlib.util.spec_from_file_location("hostile_inputs", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.INPUTS


if __name__ == "__main__":
    main(sys.argv[1:] or list(_inputs()))
