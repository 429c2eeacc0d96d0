"""Explores flows and prints what was found, and how far it is to an answer and to a person."""

from pathlib import Path

from core.clock import stopwatch_s
from core.errors import SettingsError
from core.log import configure_logging
from core.settings import load_settings
from ivr.catalogue import shipped_catalogue
from ivr.explorer.everything import Exploration, explore_flow
from ivr.explorer.findings import findings
from ivr.explorer.length import Length
from ivr.explorer.scenes import Scene, scenes
from ivr.explorer.seconds import Sentence, measured
from ivr.explorer.ways import Ways, ways
from ivr.flow import Flow
from ivr.flow_check import Premises, flow_problems
from ivr.flow_file import FlowText
from ivr.line import Prompt
from launch.console import dim, green, red, say
from launch.ivr_flows import flow_texts, queue_names
from launch.prompts import voice_of
from launch.publishing import premises_here


def explore(file: Path | None) -> bool:
    """Explore the flow in this file, or every flow that ships or is in force; whether nothing is wrong."""
    configure_logging("explorer", "CRITICAL")  # flows that are made to fail say so, thousands of times
    there = premises_here()
    good = [_is_sound(text, there) and _explore(text.flow, text.source) for text in flow_texts(file)]  # each, also after a bad one
    return all(good)


def _is_sound(text: FlowText, there: Premises) -> bool:
    """Whether nothing serious is wrong with it; what is, is said with its line, where the explorer would only see a call break."""
    serious = [problem for problem in flow_problems(text, there) if problem.serious]
    for problem in serious:
        say(f"  {red('✗')} {problem}")
    if serious:
        say(f"  {text.source} is explored once that is mended.")
    return not serious


def _explore(flow: Flow, source: str) -> bool:
    begun_s = stopwatch_s()
    say(f"{source}: {len(flow.menus)} menus, {len(scenes(flow))} scenes")

    def told(scene: Scene, so_far: Exploration) -> None:
        say(f"  {scene!s:<34} {dim(f'{so_far.places:>6} places {so_far.moves:>7} moves  {stopwatch_s() - begun_s:5.1f} s')}")

    exploration = explore_flow(flow, _known_s(flow), told)
    found = findings(flow, exploration, queue_names())
    _show_ways(ways(exploration.calls))
    say(f"\n  {exploration.places} places, {exploration.moves} moves in {stopwatch_s() - begun_s:.1f} s. Faults walked:")
    say(f"  {', '.join(f'{name} {times}' for name, times in exploration.faults().items())}.\n")
    for finding in found:
        say(f"  {red('✗')} {finding}")
    if not found:
        say(f"  {green('✓')} No loops, no dead ends; a person is within reach everywhere.")
    return not found


def _show_ways(measured_ways: Ways) -> None:
    say(f"\n  {'from the first word of':<24}{'to a person':>18}{'at worst':>20}{'to an answer':>18}")
    for node in measured_ways.nodes:
        say(f"  {node.name:<24}{_shown(node.to_person):>18}{_shown(node.at_worst):>20}{_shown(node.to_answer):>18}")
    say(f"\n  {'answer':<24}{'from the ring':>18}")
    for name, length in measured_ways.answers.items():
        say(f"  {name:<24}{_shown(length):>18}")
    say(f"\n  Longest way to an answer: {_shown(measured_ways.longest_to_answer)}.")
    say(f"  Longest way to a person, for who never chooses: {_shown(measured_ways.longest_to_person)}.")


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
