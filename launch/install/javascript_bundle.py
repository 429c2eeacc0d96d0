"""The pages' JavaScript: npm packages bundled once, at set-up, so that nothing is loaded from elsewhere later."""

import os
from dataclasses import dataclass
from pathlib import Path

from launch.install.debian_packages import find_program
from launch.install.stamp import fingerprint, is_stamped, put_stamp
from launch.install.tool import run_tool
from launch.places import ROOT, home

FRONTEND = ROOT / "agent_desktop" / "frontend"
BUNDLE = ROOT / "agent_desktop" / "static" / "dist"
_STAMP = "halo.stamp"


@dataclass(frozen=True, slots=True)
class JavascriptBundle:
    """The step that fetches the packages named in the lock file and bundles the pages' code."""

    logs: Path
    name: str = "JavaScript bundle"

    def missing(self) -> list[str]:
        return [] if self.is_done() else ["the JavaScript bundle"]

    def is_done(self) -> bool:
        return is_stamped(BUNDLE / _STAMP, _sources_mark())

    def run(self) -> None:
        log = self.logs / "javascript-bundle.log"
        npm = find_program("npm") or "npm"
        environment = npm_environment()
        packages = FRONTEND / "node_modules" / _STAMP
        if not is_stamped(packages, _packages_mark()):
            quiet = ["--no-audit", "--no-fund", "--no-progress", "--fetch-retries=1"]
            run_tool([npm, "ci", *quiet], log, source="The npm registry", cwd=FRONTEND, environment=environment)
            put_stamp(packages, _packages_mark())
        run_tool([npm, "run", "build"], log, cwd=FRONTEND, environment=environment)
        put_stamp(BUNDLE / _STAMP, _sources_mark())


def npm_environment() -> dict[str, str]:
    """What npm needs beside our environment: a cache that it may write, also for a user without a home."""
    own_home = Path(os.environ.get("HOME") or "/nonexistent")
    if os.access(own_home, os.W_OK):
        return {}
    return {"npm_config_cache": str(home() / "npm-cache"), "npm_config_update_notifier": "false"}


def _packages_mark() -> str:
    return fingerprint([FRONTEND / "package.json", FRONTEND / "package-lock.json"])


def _sources_mark() -> str:
    sources = [file for file in FRONTEND.rglob("*") if file.is_file() and "node_modules" not in file.parts]
    return fingerprint(sources, *(str(file.relative_to(FRONTEND)) for file in sorted(sources)))
