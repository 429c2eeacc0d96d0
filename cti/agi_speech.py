"""Asking one question by voice over AGI: an engine is found, told what to listen for, and heard while the prompt plays."""

import math
import threading
import wave
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from asterisk_conf import names
from core.clock import stopwatch_s
from core.log import get_log
from core.settings import Settings
from cti.agi_session import AgiSession, BadConversation
from cti.asterisk_threads import AsteriskThreads
from cti.speech.listening import LONGEST_SPEECH_S
from cti.speech.messages import question_text
from cti.speech_answer import Ended, SpeechAnswer, read_speech_answer
from cti.speech_engines import SpeechEngines
from ivr.joined_sound import joined_sound, length_s
from ivr.line import Grammar, HungUp

# The recogniser ends every question by itself. This is for one that hangs: its caller must not wait for ever.
_HUNG_AFTER_S = LONGEST_SPEECH_S + 3.0
# Asterisk answers SPEECH SET with success whatever became of it; only that it waited a whole second for the recogniser's
# answer shows that none came, and then RECOGNIZE would listen to a dead line.
_SET_TOOK_TOO_LONG_S = 0.9
_DONE = "200 result=1"
_MOST_BROKEN = 2
# Asterisk notices at once that its peer is gone, unless it has locked itself up over that.
_LOOK_EVERY_S, _NOTICES_WITHIN_S = 1.0, 2.0
Free = Callable[[Mapping[str, str]], bool]  # frees the caller of a session with this environment; see LockedCallers
JOINED_FOLDER = "prompts/dynamic"  # the voice keeps it small

_log = get_log(__name__)


class VoiceQuestions:
    """Has callers asked by voice. `joined_folder` keeps the sounds of a question as one file."""

    def __init__(self, engines: SpeechEngines, joined_folder: Path, threads: AsteriskThreads, free: Free) -> None:
        self._engines, self._joined_folder, self._threads, self._free = engines, joined_folder, threads, free

    def of(self, session: AgiSession) -> "VoiceLine":
        """One caller's."""
        return VoiceLine(session, self._engines, self._joined_folder, self._threads, self._free)


class VoiceLine:
    """Asks one caller by voice.

    An engine is connected for the whole visit: Asterisk drops the keys that a caller presses between two AGI commands, and
    while it connects, for 2 to 20 ms; so a caller who knows the way and types ahead would lose keys at every question.
    `disconnect` takes the connection down at the end of the visit.
    """

    def __init__(
        self, session: AgiSession, engines: SpeechEngines, joined_folder: Path, threads: AsteriskThreads, free: Free
    ) -> None:
        self._session, self._engines, self._joined_folder, self._threads = session, engines, joined_folder, threads
        self._free, self._life = free, ""
        self._engine = ""
        self._may_be_connected = False
        self._is_behind = False

    def connect(self) -> bool:
        """Connect an engine unless one is connected and answers; False when none does. Raises HungUp."""
        if self._engine and self._engines.is_ready(self._engine):
            return True
        self._give_up()
        for engine in self._engines.in_order():
            if self._engines.is_ready(engine) and self._create(engine):
                self._engine, self._life = engine, self._engines.life(engine)
                self._engines.answers(engine)
                return True
            self._engines.failed(engine)
        self._engines.none_answers()
        return False

    def ask(
        self, sounds: Sequence[Path], grammar: Grammar, wait_s: float, is_answered: Callable[[], bool] = lambda: False
    ) -> SpeechAnswer | None:
        """Play the sounds and hear the answer, by voice or by key; `wait_s` runs from their end. A question that `is_answered`
        while it is made ready is not played: Ended.SILENCE.

        None when nobody can listen; nothing was played then, unless an engine died over it or fell behind. An engine that dies in
        the middle is replaced by another, which costs the caller one repetition; when that one dies too nobody can listen. One
        that falls behind shows that the machine is full: no more is asked by voice in this visit. Raises HungUp.
        """
        if self._is_behind:
            return None
        try:
            sound = joined_sound(sounds, self._joined_folder)
            wanted = question_text(grammar.speech_set, grammar.name, length_s(sound), wait_s, grammar.length, grammar.form)
        except (OSError, wave.Error) as problem:
            _log.warning("sounds_not_joined", why=str(problem))
            return None
        for _ in range(_MOST_BROKEN):
            if not self.connect():
                return None
            with self._engines.listening(self._engine):
                answer = self._ask(sound, wanted, wait_s, is_answered)
            if answer.ended is Ended.UNKNOWN:  # the others have the same folder
                _log.warning("grammar_not_known", speech_set=grammar.speech_set, grammar=grammar.name)
                return None
            if answer.ended is Ended.BEHIND:
                self._is_behind = True
                return None
            if answer.ended is not Ended.BROKEN:
                return answer
            self._give_up()
        return None

    def _ask(self, sound: Path, wanted: str, wait_s: float, is_answered: Callable[[], bool]) -> SpeechAnswer:
        began_s = stopwatch_s()
        self._session.try_to("SPEECH SET", "grammar", wanted)
        if stopwatch_s() - began_s > _SET_TOOK_TOO_LONG_S:
            return SpeechAnswer(Ended.BROKEN)
        if is_answered():
            return SpeechAnswer(Ended.SILENCE)
        at_most_s = math.ceil(wait_s + _HUNG_AFTER_S)
        with self._watched():
            return read_speech_answer(self._session.try_to("SPEECH RECOGNIZE", str(sound.with_suffix("")), at_most_s))

    @contextmanager
    def _watched(self) -> Iterator[None]:
        """Where the engine dies in the block, and Asterisk does not notice, the caller is locked in it: free them."""
        done = threading.Event()
        threading.Thread(target=self._watch, args=(done, self._engine, self._life), name="speech-watch", daemon=True).start()
        try:
            yield
        finally:
            done.set()

    def _watch(self, done: threading.Event, engine: str, life: str) -> None:
        while not done.wait(_LOOK_EVERY_S):
            if life and self._engines.life(engine) != life:
                if not done.wait(_NOTICES_WITHIN_S) and self._free(self._session.env):
                    self._session.abandon()
                return

    def disconnect(self) -> None:
        """Take the connection down, whether the caller is there or not. Left to Asterisk, it could hang there unseen, and the
        caller's channel with it: see AsteriskThreads."""
        if not self._may_be_connected:
            return
        self._engine, self._may_be_connected = "", False
        with self._threads.freeing(), suppress(HungUp, BadConversation):
            self._session.finish("SPEECH DESTROY")

    def _create(self, engine: str) -> bool:
        self._may_be_connected = True  # a caller who hangs up now has an engine all the same
        self._may_be_connected = self._session.try_to("SPEECH CREATE", engine).startswith(_DONE)
        return self._may_be_connected

    def _give_up(self) -> None:
        if self._engine:
            self._engines.failed(self._engine)
            self.disconnect()


def voice_questions(settings: Settings, threads: AsteriskThreads, free: Free) -> VoiceQuestions:
    """Questions to the recognisers of this installation."""
    engines = {names.speech_engine(number): port for number, port in enumerate(settings.speech_front_ports, start=1)}
    return VoiceQuestions(SpeechEngines(engines), settings.home / JOINED_FOLDER, threads, free)
