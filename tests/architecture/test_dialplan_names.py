"""The dialplan and our processes call things by the same names, and those stand in asterisk_conf/names.py only."""

import ast
import re
from pathlib import Path

import pytest

from asterisk_conf import names
from cti.entry_points import DIALLED_SCRIPT, LINE_SCRIPTS, SILENCE_SCRIPT
from ivr.flow_file import shipped_flow_names
from tests.architecture.project import ROOT, our_files, product_files, shown, tree_of

TEMPLATES = sorted((ROOT / "asterisk_conf/templates").glob("*.j2"))
NAMES_FILE = ROOT / "asterisk_conf/names.py"
# Contexts that the templates use among themselves; no process of ours says their names.
DIALPLAN_ONLY = {"agent-phones"}
NO_CONTEXTS = {"general", "globals"}

_EXPRESSION = re.compile(r"@\{\s*(.*?)\s*\}")
_CONTEXT_PLACES = (
    re.compile(r"^\[([^\]]+)\]", re.M),
    re.compile(r"Goto\(([^,()]+),\w+,\w+\)"),
    re.compile(r"[?:]([^?:,()]+),\w+,\d+\)"),
    re.compile(r"F\(([^^()]+)\^"),
)
_OUR_VARIABLE = re.compile(r"\bHALO_[A-Z_]+\b")
_OUR_HEADER = re.compile(r"\bX-Halo-[A-Za-z-]+")


def text_of(template: Path) -> str:
    """The template without its comments; each expression `@{ names.X }` becomes <names.X>."""
    text = re.sub(r"^;.*$", "", template.read_text(encoding="utf-8"), flags=re.M)
    return _EXPRESSION.sub(r"<\1>", text)


def contexts_said(text: str) -> set[str]:
    """Every context that a dialplan defines or jumps to, as it is written."""
    return {found.strip() for pattern in _CONTEXT_PLACES for found in pattern.findall(text)} - NO_CONTEXTS


def is_named(said: str) -> bool:
    """Whether it is a name of names.py, one made from it, or a variable that it names."""
    return re.fullmatch(r"<names\.[A-Z_]+>(-[a-z]+)?|\$\{<names\.[A-Z_]+>\}", said) is not None


def strings_in(file: Path) -> set[str]:
    """Every text in the code."""
    return {node.value for node in ast.walk(tree_of(file)) if isinstance(node, ast.Constant) and isinstance(node.value, str)}


DIALPLAN = text_of(ROOT / "asterisk_conf/templates/extensions.conf.j2")
SHARED = {value for name, value in vars(names).items() if name.isupper() and isinstance(value, str)}


@pytest.mark.parametrize(
    "line",
    [
        "[waiting]",
        " same => n,Goto(waiting,s,1)",
        "same => n,GotoIf($[1]?rescue,s,1)",
        "exten => s,1,Bridge(${X},xF(post-call^s^1))",
    ],
)
def test_the_scan_sees_a_context_written_as_text(line):
    assert [said for said in contexts_said(line) if not is_named(said)]


def test_contexts_come_from_the_names():
    said = contexts_said(DIALPLAN)
    assert {name for name in said if not is_named(name)} == DIALPLAN_ONLY
    assert {"<names.INBOUND>", "<names.WAITING>", "<names.RESCUE>", "${<names.NEXT>}"} <= said


def test_endpoints_use_contexts_that_the_dialplan_has():
    used = re.findall(r"^context\s*=\s*(\S.*?)\s*$", text_of(ROOT / "asterisk_conf/templates/pjsip.conf.j2"), re.M)
    defined = set(_CONTEXT_PLACES[0].findall(DIALPLAN))
    assert used
    assert set(used) <= defined


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda file: file.stem)
def test_a_template_uses_only_names_that_exist(template):
    for name in re.findall(r"\bnames\.(\w+)", template.read_text(encoding="utf-8")):
        assert hasattr(names, name), f"{shown(template)}: names.{name}"


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda file: file.stem)
def test_no_template_writes_a_shared_variable_or_header_as_text(template):
    text = text_of(template)
    assert not {*_OUR_VARIABLE.findall(text), *_OUR_HEADER.findall(text)} & SHARED


def test_what_is_the_dialplans_own_is_said_nowhere_else():
    own = DIALPLAN_ONLY | set(_OUR_VARIABLE.findall(DIALPLAN))
    assert own == DIALPLAN_ONLY | {"HALO_SAID"}
    said = {text for file in product_files() for text in strings_in(file)}
    assert not own & said


def test_no_code_writes_a_shared_name_as_text():
    """Those that can't be taken for an everyday word: variables, headers, contexts with a hyphen."""
    telling = {name for name in SHARED if "HALO_" in name or "-" in name}
    assert len(telling) >= 10
    found = {shown(file): said for file in product_files() if file != NAMES_FILE and (said := telling & strings_in(file))}
    assert found == {}


def test_the_browsers_phone_reads_the_headers_that_are_sent():
    sources = [file for file in our_files(ROOT / "agent_desktop/frontend/src") if file.suffix == ".ts"]
    read = {header for file in sources for header in re.findall(r'"(X-Halo-[\w-]+)"', file.read_text(encoding="utf-8"))}
    assert read == {names.HEADER_INTERACTION, names.HEADER_RESUME}


def test_every_script_that_the_dialplan_runs_is_served():
    asked = set(re.findall(r"AGI\(\$\{AGI\}/(\w+)", DIALPLAN))
    assert asked == {*shipped_flow_names(), *LINE_SCRIPTS, SILENCE_SCRIPT, DIALLED_SCRIPT, names.CONTROL}


def test_every_prompt_that_the_dialplan_plays_is_made():
    played = set(re.findall(r"Playback\(halo/.*?/(\w+)\)", DIALPLAN))
    assert played == set(names.DIALPLAN_PROMPTS)
