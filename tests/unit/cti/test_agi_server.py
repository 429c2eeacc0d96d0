"""The FastAGI server's patience with one command."""

from cti.agi_server import COMMAND_TIMEOUT_S
from ivr.closing_recording import LONGEST_S
from ivr.services.voicemail import MOST_S
from ivr.survey import COMMENT_S

_TONE_AND_ROUND_TRIP_S = 10.0


def test_no_recording_and_no_message_that_may_be_played_outlasts_the_patience_with_a_command() -> None:
    assert max(LONGEST_S, MOST_S, COMMENT_S) + _TONE_AND_ROUND_TRIP_S < COMMAND_TIMEOUT_S
