"""A question by voice over AGI: Asterisk plays its recorded part, and engines die where they may."""

import io
import wave
from pathlib import Path

import pytest

from core.clock import SystemClock
from cti import speech_engines
from cti.agi_line import AgiLine
from cti.agi_session import AgiSession
from cti.agi_speech import VoiceQuestions
from cti.asterisk_threads import AsteriskThreads
from cti.speech_engines import SpeechEngines
from cti.typed_keys import CallerKeys
from ivr.line import Grammar, Heard, HungUp, InboundCall, Prompt

GREETING = b"agi_channel: PJSIP/carrier-1\n\n"
MENU = Grammar("menu", "set1", ("status pesanan", "tagihan"))
YES, NO = "200 result=1", "200 result=0"
WORDS = '200 result=1 (speech) endpos=0 results=1 score0=93 text0="status pesanan" grammar0=words'
REJECTED = '200 result=1 (speech) endpos=0 results=1 score0=0 text0="" grammar0=rejected'
SILENCE = '200 result=1 (speech) endpos=0 results=1 score0=0 text0="" grammar0=silence'
UNKNOWN = '200 result=1 (speech) endpos=0 results=1 score0=0 text0="" grammar0=unknown'
BEHIND = '200 result=1 (speech) endpos=0 results=1 score0=0 text0="" grammar0=behind'
DIED = "200 result=1 (speech) endpos=0 results=0"
HUNG = "200 result=1 (timeout) endpos=0"


class Talk:
    """A line whose Asterisk gives these answers; `commands` is what it was asked."""

    def __init__(
        self, folder: Path, answers: list[str], engines: int = 2, dead: set[int] | None = None, typed: CallerKeys | None = None
    ) -> None:
        self._written = io.BytesIO()
        session = AgiSession(io.BytesIO(GREETING + "".join(f"{answer}\n" for answer in answers).encode()), self._written)
        for key in ("hello", "menu_1"):
            with wave.open(str(folder / f"{key}.wav"), "wb") as sound:
                sound.setnchannels(1)
                sound.setsampwidth(2)
                sound.setframerate(8000)
                sound.writeframes(bytes(16_000))
        dead = set() if dead is None else dead
        ports = {f"vosk-{number}": number for number in range(1, engines + 1)}
        threads = AsteriskThreads(folder / "no.pid")
        questions = VoiceQuestions(SpeechEngines(ports, lambda port: port not in dead), folder, threads, lambda env: False)
        call = InboundCall("i", "", "1500400", "PJSIP/carrier-1")
        self.line = AgiLine(
            session, call, lambda prompt: folder / f"{prompt.key}.wav", lambda event: None, SystemClock(), folder,
            lambda channel, on: None, questions, typed,
        )  # fmt: skip

    def ask(self, most: int = 1, grammar: Grammar = MENU) -> Heard:
        return self.line.ask(Prompt("hello", "id"), Prompt("menu_1", "id"), grammar=grammar, most=most, wait_s=3.0)

    @property
    def commands(self) -> list[str]:
        return self._written.getvalue().decode().splitlines()

    def count(self, begin: str) -> int:
        return sum(command.startswith(begin) for command in self.commands)


def test_words_are_heard_over_all_prompts_as_one(tmp_path):
    talk = Talk(tmp_path, [YES, YES, WORDS])
    assert talk.ask() == Heard(words="status pesanan", confidence=0.93, spoke=True)
    create, told, recognize = talk.commands
    assert create == 'SPEECH CREATE "vosk-1"'
    assert told == 'SPEECH SET "grammar" "set1/menu?prompt_ms=2000&wait_ms=3000&digits=0"'
    assert recognize.startswith('SPEECH RECOGNIZE "')
    assert recognize.endswith('" 12')


def test_speech_that_was_not_understood_is_told_from_silence(tmp_path):
    assert Talk(tmp_path, [YES, YES, REJECTED]).ask() == Heard(spoke=True)
    assert Talk(tmp_path, [YES, YES, SILENCE]).ask() == Heard()


def test_keys_go_on_after_the_first_one_as_without_speech(tmp_path):
    def key(pressed: str) -> str:
        return f"200 result=1 (digit) digit={pressed} endpos=0"

    assert Talk(tmp_path, [YES, YES, key("5")]).ask() == Heard(keys="5")
    assert Talk(tmp_path, [YES, YES, key("#")]).ask(most=3) == Heard()
    talk = Talk(tmp_path, [YES, YES, key("5"), YES, "200 result=6"])
    assert talk.ask(most=4) == Heard(keys="56")
    assert talk.commands[-2:] == ['SET VARIABLE "TIMEOUT(digit)" "3.0"', 'GET DATA "" 3000 3']
    silent = [YES, YES, key("5"), YES, "200 result= (timeout)"]
    assert Talk(tmp_path, silent).ask(most=4) == Heard(keys="5")
    gone = [YES, YES, key("5"), YES, "200 result=-1"]
    with pytest.raises(HungUp):
        Talk(tmp_path, gone).ask(most=4)


class Early(CallerKeys):
    """Of a caller who presses this key while the question is made ready."""

    def __init__(self, key: str) -> None:
        super().__init__(SystemClock())
        self._key = key

    def take_first(self) -> str:
        taken, key = super().take_first(), self._key
        self._key = ""
        if key:
            self.pressed(key, SystemClock().now().timestamp())
        return taken


def test_a_key_pressed_while_the_question_is_made_ready_answers_it_unheard_and_so_does_one_from_before(tmp_path):
    talk = Talk(tmp_path, [YES, YES, YES, WORDS], typed=Early("7"))
    assert talk.ask() == Heard(keys="7")
    assert talk.count("SPEECH RECOGNIZE") == 0
    assert talk.ask() == Heard(words="status pesanan", confidence=0.93, spoke=True)
    keys = CallerKeys(SystemClock())
    keys.pressed("5", SystemClock().now().timestamp())
    talk = Talk(tmp_path, [], typed=keys)
    assert talk.ask() == Heard(keys="5")
    assert talk.commands == []


@pytest.mark.parametrize("how", [DIED, HUNG, "510 Invalid or unknown command"])
def test_a_recogniser_that_dies_in_the_middle_costs_one_repetition(tmp_path, how):
    talk = Talk(tmp_path, [YES, YES, how, YES, YES, YES, WORDS])
    assert talk.ask().words == "status pesanan"
    assert talk.count("SPEECH RECOGNIZE") == 2
    assert [command for command in talk.commands if "CREATE" in command] == ['SPEECH CREATE "vosk-1"', 'SPEECH CREATE "vosk-2"']


def test_one_that_takes_no_connection_costs_nothing(tmp_path):
    talk = Talk(tmp_path, [NO, YES, YES, WORDS])
    assert talk.ask().words == "status pesanan"
    assert talk.count("SPEECH RECOGNIZE") == 1


def test_one_that_does_not_answer_is_never_connected(tmp_path):
    talk = Talk(tmp_path, [YES, YES, WORDS], dead={1})
    assert talk.ask().words == "status pesanan"
    assert talk.commands[0] == 'SPEECH CREATE "vosk-2"'


def test_one_connection_serves_the_whole_visit_and_may_be_made_before_it(tmp_path):
    talk = Talk(tmp_path, [YES, YES, YES, WORDS, YES, REJECTED])
    talk.line.get_ready()
    assert talk.ask().words == "status pesanan"
    assert talk.ask() == Heard(spoke=True)
    assert [command.split()[1] for command in talk.commands] == ["VARIABLE", "CREATE", "SET", "RECOGNIZE", "SET", "RECOGNIZE"]


def test_one_that_died_between_two_questions_is_replaced_before_anything_is_played(tmp_path, monkeypatch):
    now_s, dead = [100.0], set()
    monkeypatch.setattr(speech_engines, "stopwatch_s", lambda: now_s[0])
    talk = Talk(tmp_path, [YES, YES, WORDS, YES, YES, YES, REJECTED], dead=dead)
    talk.ask()
    dead.add(1)
    now_s[0] += 5
    assert talk.ask() == Heard(spoke=True)
    assert [command.split(maxsplit=1)[1] for command in talk.commands[3:5]] == ["DESTROY", 'CREATE "vosk-2"']
    assert talk.count("SPEECH RECOGNIZE") == 2


PLAYED_AND_KEY = ["200 result=0 endpos=8000", f"200 result={ord('7')} endpos=100"]


@pytest.mark.parametrize(
    ("answers", "dead", "grammar"),
    [
        ([], {1, 2}, MENU),
        ([NO, NO], set(), MENU),
        ([YES, YES, DIED, YES, YES, YES, DIED, YES], set(), MENU),
        ([YES, YES, DIED, YES, NO, NO], set(), MENU),
        ([YES, YES, UNKNOWN], set(), MENU),
        ([YES, YES, BEHIND], set(), MENU),
        ([], set(), Grammar("menu", "", ("tagihan",))),
    ],
)
def test_where_nobody_can_listen_the_question_is_asked_by_key(tmp_path, answers, dead, grammar):
    talk = Talk(tmp_path, answers + PLAYED_AND_KEY, dead=dead)
    assert talk.ask(grammar=grammar) == Heard(keys="7")
    assert talk.count("STREAM FILE") == 2


def test_where_a_recogniser_fell_behind_no_more_is_asked_by_voice(tmp_path):
    talk = Talk(tmp_path, [YES, YES, BEHIND] + 2 * PLAYED_AND_KEY)
    assert talk.ask() == talk.ask() == Heard(keys="7")
    assert talk.count("SPEECH RECOGNIZE") == 1


@pytest.mark.parametrize(
    "answers", [[YES, YES, "200 result=1 (hangup) endpos=0"], [YES, YES, "200 result=-1"], ["HANGUP"], [YES], [YES, YES]]
)
def test_a_caller_who_leaves_is_gone(tmp_path, answers):
    with pytest.raises(HungUp):
        Talk(tmp_path, answers).ask()


def test_the_connection_is_taken_down_at_the_end_of_the_visit(tmp_path):
    talk = Talk(tmp_path, [YES, YES, WORDS, YES])
    talk.ask()
    talk.line.close()
    talk.line.close()
    assert talk.commands[-1] == "SPEECH DESTROY"
    assert talk.count("SPEECH DESTROY") == 1


def test_a_line_that_never_connected_has_nothing_to_take_down(tmp_path):
    talk = Talk(tmp_path, [])
    talk.line.close()
    assert talk.commands == []


def test_a_connection_made_for_a_caller_who_left_meanwhile_is_taken_down(tmp_path):
    talk = Talk(tmp_path, ["HANGUP", YES, YES])
    with pytest.raises(HungUp):
        talk.ask()
    talk.line.close()
    assert talk.commands[-1] == "SPEECH DESTROY"


def test_nothing_that_a_name_holds_becomes_another_command(tmp_path):
    talk = Talk(tmp_path, [YES, YES, WORDS])
    talk.ask(grammar=Grammar('menu"\nEXEC System x', "set1", ()))
    assert len(talk.commands) == 3
