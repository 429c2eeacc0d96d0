"""Runs a module of the pages' scripts in Node.js, so that its rules are tested as they are shipped."""

import json
import subprocess
from typing import Any

from launch.install.debian_packages import find_program
from tests.architecture.project import ROOT

FRONTEND = ROOT / "agent_desktop" / "frontend"


def page_script(module: str, expression: str) -> Any:
    """What this JavaScript expression over the exports of src/`module` is, as JSON has it."""
    esbuild = FRONTEND / "node_modules" / "esbuild" / "bin" / "esbuild"
    code = f'import * as it from "./src/{module}"; console.log(JSON.stringify({expression}));'
    bundled = subprocess.run(
        [str(esbuild), "--bundle", "--format=esm", "--platform=node"],
        input=code,
        cwd=FRONTEND,
        capture_output=True,
        text=True,
        check=True,
    )
    node = find_program("node")
    assert node is not None, "Node.js bundles the pages' scripts, and is needed here too"
    return json.loads(_run([node, "--input-type=module", "-"], bundled.stdout))


def _run(command: list[str], given: str) -> str:
    return subprocess.run(command, input=given, cwd=FRONTEND, capture_output=True, text=True, check=True).stdout
