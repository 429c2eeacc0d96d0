"""What the README and the pages in docs say of the project is so."""

import re
from pathlib import Path

import pytest

from core.settings import Settings
from launch.__main__ import USAGE
from launch.cli import halo
from tests.architecture.project import PACKAGES, ROOT, our_files, shown

README = ROOT / "README.md"
PAGES = [README, *(file for file in our_files(ROOT / "docs") if file.suffix == ".md")]
DECISIONS = sorted((ROOT / "docs/decisions").glob("*.md"))
HEADINGS = ["Context", "Decision", "Why", "Consequences"]
LONGEST_DECISION = 60

_SETTING_ROW = re.compile(r"^\| `(HALO_[A-Z_]+)` \| (.*?) \|", re.M)
_LINK = re.compile(r"\]\(([^)#\s]+)[^)]*\)|(?:src|srcset|href)=\"([^\"#]+)\"")
_PATH = re.compile(r"`([\w.-]+(?:/[\w.*{}-]+)+/?)`")


def readme() -> str:
    return README.read_text(encoding="utf-8")


def test_every_setting_is_in_the_readme_with_its_default():
    said = dict(_SETTING_ROW.findall(readme()))
    fields = Settings.model_fields
    assert set(said) == {f"HALO_{name.upper()}" for name in fields}
    for name, field in fields.items():
        default = said[f"HALO_{name.upper()}"]
        if field.is_required():
            assert default in ("made at set-up", "`var/`"), name
        else:
            assert default == (f"`{field.default}`" if field.default != "" else "empty"), name


def test_every_variable_that_the_readme_names_is_known_to_the_code():
    code = "\n".join(file.read_text(encoding="utf-8") for file in our_files() if file.suffix == ".py" or file.name == "halo")
    known = {*re.findall(r"\bHALO_[A-Z_]+\b", code), *(f"HALO_{name.upper()}" for name in Settings.model_fields)}
    for page in PAGES:
        assert set(re.findall(r"\bHALO_[A-Z_]*[A-Z]\b", page.read_text(encoding="utf-8"))) <= known, shown(page)


def test_the_readme_names_every_command_and_no_other():
    commands = {name for name, command in halo.commands.items() if not command.hidden}
    said = set(re.findall(r"\./halo ([a-z]+)", readme()))
    assert said == commands
    assert set(re.findall(r"\./halo ([a-z]+)", USAGE)) <= said


def test_the_map_has_every_package():
    for package in PACKAGES:
        assert re.search(rf"^\| `{package}/` \| \S", readme(), re.M), package


@pytest.mark.parametrize("page", PAGES, ids=shown)
def test_every_link_leads_somewhere(page: Path):
    prose = re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.M | re.S)
    links = [first or second for first, second in _LINK.findall(prose)]
    assert [link for link in links if ":" not in link and not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=shown)
def test_every_path_that_is_named_exists(page: Path):
    named = [path for path in _PATH.findall(page.read_text(encoding="utf-8")) if path.split("/")[0] in _top_folders()]
    assert [path for path in named if "<" not in path and not list(ROOT.glob(path.rstrip("/")))] == []


def test_decisions_are_numbered_without_gap():
    numbers = [int(file.name[:4]) for file in DECISIONS]
    assert numbers == list(range(1, len(DECISIONS) + 1))
    for file in DECISIONS:
        assert re.fullmatch(r"\d{4}-[a-z0-9-]+\.md", file.name)


@pytest.mark.parametrize("decision", DECISIONS, ids=lambda file: file.stem)
def test_a_decision_is_one_page_of_four_parts(decision: Path):
    text = decision.read_text(encoding="utf-8")
    assert text.startswith(f"# {int(decision.name[:4])}. ")
    assert re.findall(r"^## (.+)$", text, re.M) == HEADINGS
    assert len(text.splitlines()) <= LONGEST_DECISION


def test_the_readme_leads_to_every_decision():
    assert [file.name for file in DECISIONS if f"docs/decisions/{file.name}" not in readme()] == []


def _top_folders() -> set[str]:
    return {*PACKAGES, "docs", "tests", "benchmarks"}
