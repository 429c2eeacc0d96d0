"""Explores flows and prints what was found, and how far it is to an answer and to a person."""

import os
from pathlib import Path

from core.clock import stopwatch_s
from core.errors import SettingsError
from core.settings import load_settings
from ivr.catalogue import shipped_catalogue
from ivr.explorer.everything import calls_of, explore_flow
from ivr.explorer.findings import findings
from ivr.explorer.search import Explored, scenes
from ivr.explorer.seconds import Sentence, measured
from ivr.explorer.ways import Length, ways
from ivr.flow import Flow
from ivr.line import Prompt
from launch.console import dim, green, red, say
from launch.ivr_flows import flow_texts, queue_names
from launch.prompts import voice_of


def explore(file: Path | None) -> bool:
    """Explore the flow in this file, or every flow that ships or is in force; whether nothing is wrong."""
    good = [_explore(text.flow, text.source) for text in flow_texts(file)]  # each of them, also after a bad one
    return all(good)


def _explore(flow: Flow, source: str) -> bool:
    begun_s = stopwatch_s()
    say(f"{source}: {len(flow.menus)} menus, {len(scenes(flow))} scenes")

    def told(done: Explored) -> None:
        say(f"  {done.scene!s:<34} {dim(f'{len(done.ways):>6} places {done.calls:>7} calls  {stopwatch_s() - begun_s:5.1f} s')}")

    explored = explore_flow(flow, _known_s(flow), os.cpu_count() or 1, told)
    found = findings(flow, explored, queue_names())
    measured_ways = ways(explored)
    say(f"\n  {'asked':<24}{'to a person':>18}{'to an answer':>18}")
    for node in measured_ways.nodes:
        say(f"  {node.name:<24}{_shown(node.to_person):>18}{_shown(node.to_answer):>18}")
    say(f"\n  {'answer':<24}{'from the ring':>18}")
    for name, length in measured_ways.answers.items():
        say(f"  {name:<24}{_shown(length):>18}")
    say(f"\n  Longest way to an answer: {_shown(measured_ways.longest_to_answer)}.")
    say(f"  Longest way to a person, for who never chooses: {_shown(measured_ways.longest_to_person)}.")
    say(f"  {calls_of(explored)} calls in {stopwatch_s() - begun_s:.1f} s.\n")
    for finding in found:
        say(f"  {red('✗')} {finding}")
    if not found:
        say(f"  {green('✓')} No loops, no dead ends; a person is within reach everywhere.")
    return not found


def _known_s(flow: Flow) -> dict[Sentence, float]:
    """The lengths of the flow's sentences by this installation's voice; nothing where it was not set up."""
    try:
        voice = voice_of(load_settings())
    except SettingsError:
        return {}
    prompts = [Prompt(key, language, text=words) for key, language, words in flow.sentences()]
    return measured([*prompts, *shipped_catalogue().fixed_prompts()], voice.file_for)


def _shown(length: Length | None) -> str:
    if length is None:
        return "–"
    return f"{length.turns} turn{'' if length.turns == 1 else 's'}, {length.seconds_s:.1f} s"
