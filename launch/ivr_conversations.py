"""Holds conversations with a flow and prints how they went."""

from collections.abc import Sequence
from pathlib import Path

from core.errors import BadInput
from ivr.conversations.rehearsal import rehearse
from ivr.conversations.story import Story
from ivr.conversations.story_file import SUFFIX, read_story_file, shipped_stories
from ivr.conversations.world import Worlds
from ivr.flow_version import FlowVersion
from launch.console import dim, green, red, say
from launch.ivr_flows import flow_to_try


def stories_in(files: Sequence[Path]) -> list[Story]:
    """The conversations in these files and folders; the shipped ones for none. Raises BadInput."""
    if not files:
        return shipped_stories()
    found: list[Path] = []
    for file in files:
        inside = sorted(file.rglob(f"*{SUFFIX}")) if file.is_dir() else [file]
        if not inside:
            raise BadInput(f"There is no conversation in {file}.", f"Conversations are files that end in {SUFFIX}.")
        found += inside
    return [read_story_file(file) for file in found]


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
