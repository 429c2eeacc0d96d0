"""The pages' translations, compiled from their sources into the form that is read at run time."""

from dataclasses import dataclass
from pathlib import Path

from launch.install.tool import run_tool
from launch.places import ROOT, VENV_PYTHON

TRANSLATIONS = ROOT / "agent_desktop" / "translations"


@dataclass(frozen=True, slots=True)
class PageTranslations:
    """The step that compiles what is newer than its compiled form."""

    logs: Path
    name: str = "Page translations"

    def missing(self) -> list[str]:
        return [str(source.relative_to(ROOT)) for source in TRANSLATIONS.glob("*/LC_MESSAGES/*.po") if not _is_compiled(source)]

    def is_done(self) -> bool:
        return not self.missing()

    def run(self) -> None:
        for name in self.missing():
            source = ROOT / name
            half_done = source.with_suffix(".part")
            compile_it = [str(VENV_PYTHON), "-m", "babel.messages.frontend", "compile", "-i", str(source), "-o", str(half_done)]
            run_tool(compile_it, self.logs / "page-translations.log")
            half_done.replace(source.with_suffix(".mo"))


def _is_compiled(source: Path) -> bool:
    compiled = source.with_suffix(".mo")
    return compiled.exists() and compiled.stat().st_mtime >= source.stat().st_mtime
