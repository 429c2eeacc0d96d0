"""Reads apt's own sources, to know from which mirror this machine takes Debian."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from core.errors import HaloError

_ONE_LINE = re.compile(r"^deb\s+(?:\[(?P<options>[^\]]*)\]\s+)?(?P<uri>\S+)\s+(?P<suite>\S+)\s+(?P<components>.+)$")


@dataclass(frozen=True, slots=True)
class Source:
    """One address of packages: where, which suite ("bookworm"), which components ("main")."""

    uri: str
    suite: str
    components: tuple[str, ...]


def one_line_sources(text: str) -> Iterator[Source]:
    """The sources of a `sources.list`: `deb [options] URI SUITE COMPONENT…`."""
    for line in text.splitlines():
        found = _ONE_LINE.match(line.split("#", 1)[0].strip())
        if found:
            yield Source(found["uri"], found["suite"], tuple(found["components"].split()))


def deb822_sources(text: str) -> Iterator[Source]:
    """The sources of a `.sources` file: paragraphs of `Field: values`, values may go on in indented lines."""
    for paragraph in re.split(r"\n\s*\n", text):
        fields: dict[str, list[str]] = {}
        current: list[str] = []
        for line in paragraph.splitlines():
            if line.startswith("#") or not line.strip():
                continue
            if line[0] in " \t":
                current.extend(line.split())
            elif ":" in line:
                name, values = line.split(":", 1)
                current = fields.setdefault(name.strip().lower(), [])
                current.extend(values.split())
        if "deb" not in fields.get("types", []) or fields.get("enabled", ["yes"])[0].lower() in ("no", "false", "0"):
            continue
        for uri in fields.get("uris", []):
            for suite in fields.get("suites", []):
                yield Source(uri, suite, tuple(fields.get("components", [])))


def read_sources(folder: Path = Path("/etc/apt")) -> list[Source]:
    """Every source that apt knows."""
    found: list[Source] = []
    for file in [folder / "sources.list", *sorted((folder / "sources.list.d").glob("*"))]:
        if not file.is_file():
            continue
        text = file.read_text(encoding="utf-8", errors="replace")
        if file.suffix == ".sources":
            found.extend(deb822_sources(text))
        elif file.suffix == ".list":
            found.extend(one_line_sources(text))
    return found


def debian_mirror(sources: Iterable[Source], codename: str) -> str:
    """The mirror that carries Debian `codename` itself, and so Debian's other releases too. Raises HaloError when none does."""
    for source in sources:
        if source.suite in (codename, "stable") and "main" in source.components and source.uri.startswith(("http:", "https:")):
            return source.uri.rstrip("/")
    raise HaloError(
        f"apt's sources name no web mirror of Debian {codename or 'at all'}.",
        "add one to /etc/apt/sources.list (deb MIRROR SUITE main), or install Asterisk 20 or newer yourself; then run this again.",
    )


def release_codename(os_release: Path = Path("/etc/os-release")) -> str:
    """The name of this Debian release ("bookworm"); "" when this is no Debian."""
    fields = dict(line.split("=", 1) for line in os_release.read_text(encoding="utf-8").splitlines() if "=" in line)
    values = {name: value.strip().strip("\"'") for name, value in fields.items()}
    return values.get("VERSION_CODENAME", "") if values.get("ID") == "debian" else ""
