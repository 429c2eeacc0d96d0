"""Publishes a flow for which its conversations speak, or for which somebody takes it upon themselves."""

from pathlib import Path

from ivr.flow_check import flow_problems
from ivr.flow_file import read_flow_file
from launch.console import say
from launch.ivr_conversations import raise_unless_as_written
from launch.ivr_flows import publishing
from launch.publishing import premises_here

WITHOUT_TESTS = "without its conversations"


def publish(file: Path, note: str, by: str, with_tests: bool = True) -> None:
    """Check a flow, hold its conversations, and put it in force; not `with_tests`, the note begins by saying so.

    Raises BadInput that names what is wrong, with file and line; nothing was published then.
    """
    text = read_flow_file(file)
    is_sound = not any(problem.serious for problem in flow_problems(text, premises_here()))
    if not with_tests:
        note = f"{WITHOUT_TESTS}: {note}".removesuffix(": ")
    elif is_sound:  # else publishing says what is wrong, and conversations with it would only say so again
        say(f"{raise_unless_as_written(text.flow)} conversations went as written.")
    with publishing() as publishes:
        number = publishes.publish(text, by, note)
    say(f"{text.flow.flow} version {number} is in force for every call that begins now.")
