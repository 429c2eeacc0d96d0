"""Holds conversations with a flow and prints how they went."""

from collections.abc import Sequence
from pathlib import Path

from core.errors import BadInput
from core.settings import default_home
from ivr.conversations.rehearsal import rehearse, rehearse_all
from ivr.conversations.story import Story
from ivr.conversations.story_file import SUFFIX, read_story_file, stories_with
from ivr.conversations.world import Worlds
from ivr.flow import Flow
from ivr.flow_version import FlowVersion
from launch.console import dim, green, red, say
from launch.ivr_flows import flow_to_try

OWN_FOLDER = "config/conversations"  # in the home


def stories_of(home: Path) -> list[Story]:
    """The conversations of the installation in this home: the shipped ones, and its own, which stand in the place of shipped ones
    of the same name. Raises BadInput.
    """
    return stories_with(home / OWN_FOLDER)


def stories_in(files: Sequence[Path]) -> list[Story]:
    """The conversations in these files and folders; for none those of this installation. Raises BadInput."""
    if not files:
        return stories_of(default_home())
    found: list[Path] = []
    for file in files:
        inside = sorted(file.rglob(f"*{SUFFIX}")) if file.is_dir() else [file]
        if not inside:
            raise BadInput(f"There is no conversation in {file}.", f"Conversations are files that end in {SUFFIX}.")
        found += inside
    return [read_story_file(file) for file in found]


def raise_unless_as_written(flow: Flow) -> int:
    """Hold the conversations of this installation with this flow; returns how many there are with it.

    Raises BadInput that names those that go otherwise than written, each with file and line.
    """
    stories = [story for story in stories_in(()) if story.flow == flow.flow]
    problems = [done.problem for done in rehearse_all(stories, FlowVersion(flow)) if done.problem]
    if problems:
        raise BadInput(
            "\n".join(problems),
            "Nothing was published. Correct the flow; where the flow is right, put a corrected conversation of the same name "
            f"into {default_home() / OWN_FOLDER}. With --without-tests it is published all the same, and the history says so.",
        )
    return len(stories)


def test_flow(files: Sequence[Path], flow: Path | None) -> bool:
    """Hold every conversation with the flow (of its file, else the one in force); whether all went as written."""
    stories = stories_in(files)
    versions: dict[str, FlowVersion] = {}
    failed, took_s = 0, 0.0
    with Worlds() as worlds:
        for story in stories:
            version = versions.get(story.flow) or versions.setdefault(story.flow, flow_to_try(flow, story.flow))
            if version.flow.flow != story.flow:
                continue  # a conversation with another flow than the one that is tried
            done = rehearse(story, version, worlds)
            took_s += done.took_s
            failed += bool(done.problem)
            mark = red("✗") if done.problem else green("✓")
            say(f"  {mark} {Path(story.source).stem:<36} {dim(f'{done.took_s * 1000:4.0f} ms')}  {story.title}")
            if done.problem:
                say(f"    {done.problem}")
    say(f"\n{len(stories) - failed} of {len(stories)} conversations went as written, in {took_s:.1f} s.")
    return not failed
