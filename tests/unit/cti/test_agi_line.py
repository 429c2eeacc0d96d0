"""Keys of a caller on an AGI channel, against a channel from a script."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.clock import VirtualClock
from core.errors import Unavailable
from cti.agi_line import AgiLine
from cti.agi_session import BadConversation
from cti.typed_keys import CallerKeys
from ivr.line import InboundCall, Prompt

CARD, EXPIRY = Prompt("card_number", "en"), Prompt("card_expiry", "en")


class ScriptedSession:
    """Answers each command with the next key, or with none; remembers what was played."""

    def __init__(self, keys: Sequence[str]) -> None:
        self._keys = list(keys)
        self.played: list[str] = []
        self.variables: dict[str, str] = {}

    def execute(self, command: str, *arguments: str | int) -> str:
        if command == "STREAM FILE":
            self.played.append(Path(str(arguments[0])).name)
        if command == "SET VARIABLE":
            self.variables[str(arguments[0])] = str(arguments[1])
            return "1"
        key = self._keys.pop(0) if self._keys else ""
        return str(ord(key)) if key else "0"

    def try_to(self, command: str, *arguments: str | int) -> str:
        """As Asterisk answers GET DATA: "#" ends it and is not among the keys; where no more come, it says so."""
        assert command == "GET DATA"
        _sound, _wait_ms, most = arguments
        keys = ""
        while len(keys) < int(most) and self._keys:
            key = self._keys.pop(0)
            if key in ("#", ""):
                return f"200 result={keys}" if key else f"200 result={keys} (timeout)"
            keys += key
        return f"200 result={keys}" if len(keys) == most else f"200 result={keys} (timeout)"


def line_of(
    session: ScriptedSession, mute: Callable[[str, bool], object] = lambda channel, muted: None, typed: CallerKeys | None = None
) -> AgiLine:
    call = InboundCall("3f2b9c1e-8d1a-4f6b-9a51-0a1b2c3d4e5f", "", "1500400", "PJSIP/trunk-1")
    clock = VirtualClock(datetime(2025, 2, 3, tzinfo=UTC))
    return AgiLine(
        session,  # type: ignore[arg-type]  # the two methods of a session that keys need
        call, lambda prompt: Path(f"{prompt.key}.wav"), lambda event: None, clock, Path(), mute, typed=typed,
    )  # fmt: skip


def test_a_hash_after_a_whole_number_answers_nothing_and_the_next_question_is_heard_in_full() -> None:
    session = ScriptedSession([*"4111", "#", *"1227"])
    line = line_of(session)
    assert line.ask_keys(CARD, most=4) == "4111"
    assert line.ask_keys(EXPIRY, most=4) == "1227"
    assert session.played == ["card_number", "card_expiry", "card_expiry"]


def test_a_hash_ends_a_number_that_is_not_full_and_says_nothing_of_the_next_question() -> None:
    session = ScriptedSession(["1", "2", "#", "#"])
    line = line_of(session)
    assert line.ask_keys(CARD, most=4) == "12"
    assert line.ask_keys(EXPIRY, most=4) == ""


def test_only_one_hash_belongs_to_a_whole_number() -> None:
    session = ScriptedSession([*"4111", "#", "#"])
    line = line_of(session)
    line.ask_keys(CARD, most=4)
    assert line.ask_keys(EXPIRY, most=4) == ""


def test_after_a_single_key_a_hash_is_a_key_like_any_other() -> None:
    session = ScriptedSession(["1", "#"])
    line = line_of(session)
    assert line.ask_keys(CARD) == "1"
    assert line.ask_keys(EXPIRY) == ""
    assert session.played == ["card_number", "card_expiry"]


def test_a_hash_where_a_number_might_go_on_ends_it() -> None:
    session = ScriptedSession([*"4111", "#", *"1227"])
    line = line_of(session)
    assert line.ask_keys(CARD, most=4) == "4111"
    assert line.ask_keys(most=3) == ""
    assert line.ask_keys(EXPIRY, most=4) == "1227"
    assert session.played == ["card_number", "card_expiry"]


def test_a_pause_of_the_recording_that_is_not_sure_is_taken_back_all_the_same() -> None:
    asked: list[bool] = []

    def mute(_channel: str, muted: bool) -> None:
        asked.append(muted)
        if muted:
            raise Unavailable("No answer in time.", "")

    with pytest.raises(Unavailable), line_of(ScriptedSession([]), mute).private():
        raise AssertionError("nothing secret is asked for")
    assert asked == [True, False]


def test_a_recording_does_not_go_on_between_the_parts_of_what_is_private() -> None:
    asked: list[bool] = []
    line = line_of(ScriptedSession([]), lambda _channel, muted: asked.append(muted))
    with line.private():
        for _part in range(3):
            with line.private():
                assert asked == [True]
    assert asked == [True, False]
    with line.private():
        pass
    assert asked == [True, False] * 2


def test_the_rest_of_a_number_is_read_by_one_command_with_the_time_from_key_to_key_that_was_asked_for() -> None:
    session = ScriptedSession([*"99000003"])
    line = line_of(session)
    assert line.ask_keys(CARD, most=1) == "9"
    assert line.ask_keys(most=7, wait_s=4.0) == "9000003"
    assert session.variables == {"TIMEOUT(digit)": "4.0"}


def test_who_stops_typing_or_ends_with_a_hash_has_typed_what_came() -> None:
    assert line_of(ScriptedSession([*"990"])).ask_keys(CARD, most=8) == "990"
    line = line_of(ScriptedSession([*"990#", "#"]))
    assert line.ask_keys(CARD, most=8) == "990"
    assert line.ask_keys(most=5) == ""


def test_an_answer_that_is_no_keys_is_none() -> None:
    session = ScriptedSession([])
    session.try_to = lambda command, *arguments: "510 Invalid or unknown command"  # type: ignore[method-assign]
    with pytest.raises(BadConversation):
        line_of(session).ask_keys(most=8)


@pytest.mark.parametrize(("sentence", "answer"), [("keep_company", "0"), ("say", "")])
def test_what_is_pressed_while_something_is_looked_up_answers_the_next_question(sentence: str, answer: str) -> None:
    clock = VirtualClock(datetime(2025, 2, 3, tzinfo=UTC))
    keys = CallerKeys(clock)
    keys.pressed("0", clock.advance(0.1).timestamp())
    session = ScriptedSession([])
    line = line_of(session, typed=keys)
    getattr(line, sentence)(Prompt("looking_up", "en"))
    clock.advance(0.1)
    assert line.ask_keys(CARD) == answer
    assert session.played == ["looking_up"] + ([] if answer else ["card_number"])
