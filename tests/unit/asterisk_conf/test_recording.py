"""The dialplan records what callers and agents say to each other, and nothing else."""

import re
from pathlib import Path

from asterisk_conf import names
from tests.unit.asterisk_conf.test_standby import dialplan


def steps(text: str, context: str, exten: str) -> list[str]:
    """What the dialplan does at this extension, in order."""
    body = re.search(rf"^\[{re.escape(context)}\]\n(.*?)(?=^\[|\Z)", text, re.DOTALL | re.MULTILINE)
    assert body
    found: list[str] = []
    for line in body[1].splitlines():
        head = re.match(r"exten => ([^,]+),1,(.*)", line)
        if head:
            found = [] if head[1] == exten else found
            inside = head[1] == exten
            if inside:
                found = [head[2]]
            elif found:
                break
        elif found and line.startswith(" same => n"):
            found.append(line.split(",", 1)[1])
    return found


def test_it_begins_before_the_caller_waits_and_ends_before_anything_else_is_heard(tmp_path: Path) -> None:
    text = dialplan(tmp_path, None)
    begin, end = (f"Gosub({names.RECORDING},{which},1)" for which in ("begin", "end"))
    assert begin in steps(text, names.WAITING, "s")[:2]
    assert end in steps(text, names.WAITING, "held")[:1]
    assert end in steps(text, names.WAITING, "resume")[:1]
    assert end in steps(text, names.WAITING, "handed")[:2]
    assert end in steps(text, names.OUTSIDE, "handed")[:2]
    assert steps(text, names.POST_CALL, "s")[0] == end
    assert steps(text, names.GOODBYE, "s")[0] == end
    assert f"b({names.RECORDING}^begin^1)" in " ".join(steps(text, names.CALL_BACK, "s"))


def test_only_while_the_caller_is_with_somebody_each_side_apart_and_once(tmp_path: Path) -> None:
    condition, *rest = steps(dialplan(tmp_path, None), names.RECORDING, "begin")
    for name in (names.RECORD, names.RECORDER):
        assert f"${{{name}}}" in condition
    [recorder] = [step for step in rest if step.startswith("MixMonitor")]
    options = recorder.removeprefix("MixMonitor(,").removesuffix(")")
    assert options.startswith("br(")
    assert names.CALLERS_SIDE in options
    assert f"{names.AGENTS_SIDE})" in options


def test_in_a_pause_it_is_silent_at_once_or_nothing_records_them(tmp_path: Path) -> None:
    recorder, skipped, unsure, asked, ended = steps(dialplan(tmp_path, None), names.RECORDING, "begin")[2:7]
    assert recorder.startswith("MixMonitor")
    assert skipped == f'GotoIf($["${{{names.RECORDING_PAUSED}}}" = ""]?done)'
    assert unsure == f"Set({names.SILENT}=)"
    assert asked == "AGI(${AGI}/silence,${AGI_KEY})"
    assert ended == f'GosubIf($["${{{names.SILENT}}}" != "yes"]?{names.RECORDING},end,1)'


def test_asterisk_has_a_folder_for_it_of_its_own(tmp_path: Path) -> None:
    dialplan(tmp_path, None)
    assert (tmp_path / names.TALKS).is_dir()
