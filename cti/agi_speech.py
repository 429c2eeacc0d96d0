"""Asking one question by voice over AGI: an engine is found, told what to listen for, and heard while the prompt plays."""

import math
import wave
from collections.abc import Sequence
from pathlib import Path

from asterisk_conf import names
from core.clock import stopwatch_s
from core.log import get_log
from core.settings import Settings
from cti.agi_session import AgiSession
from cti.speech.listening import LONGEST_SPEECH_S
from cti.speech.messages import question_text
from cti.speech_answer import Ended, SpeechAnswer, read_speech_answer
from cti.speech_engines import SpeechEngines
from ivr.joined_sound import joined_sound, length_s
from ivr.line import Grammar

# The recogniser ends every question by itself. This is for one that hangs: its caller must not wait for ever.
_HUNG_AFTER_S = LONGEST_SPEECH_S + 3.0
# Asterisk answers SPEECH SET with success whatever became of it; only that it waited a whole second for the recogniser's
# answer shows that none came, and then RECOGNIZE would listen to a dead line.
_SET_TOOK_TOO_LONG_S = 0.9
_DONE = "200 result=1"
_MOST_BROKEN = 2
JOINED_FOLDER = "prompts/dynamic"  # the voice keeps it small

_log = get_log(__name__)


class VoiceQuestions:
    """Asks questions by voice. `joined_folder` keeps the sounds of a question as one file."""

    def __init__(self, engines: SpeechEngines, joined_folder: Path) -> None:
        self._engines, self._joined_folder = engines, joined_folder

    def ask(self, session: AgiSession, sounds: Sequence[Path], grammar: Grammar, wait_s: float) -> SpeechAnswer | None:
        """Play the sounds and hear the answer, by voice or by key; `wait_s` runs from their end.

        None when nobody can listen; nothing was played then, unless an engine died over it. An engine that dies in the middle
        is replaced by another, which costs the caller one repetition; when that one dies too nobody can listen. Raises HungUp.

        An engine is connected for one question, not for the visit: that takes 2 to 8 ms of a question that takes seconds,
        spreads callers anew each time, and leaves no connection that may have died, unseen, since the last question.
        """
        try:
            sound = joined_sound(sounds, self._joined_folder)
            wanted = question_text(grammar.speech_set, grammar.name, length_s(sound), wait_s)
        except (OSError, wave.Error) as problem:
            _log.warning("sounds_not_joined", why=str(problem))
            return None
        broken = 0
        for engine in self._engines.in_order():
            answer = self._ask_one(session, engine, sound, wanted, wait_s)
            if answer is None:
                continue
            if answer.ended is Ended.UNKNOWN:  # the others have the same folder
                _log.warning("grammar_not_known", speech_set=grammar.speech_set, grammar=grammar.name)
                return None
            if answer.ended is not Ended.BROKEN:
                return answer
            broken += 1
            if broken == _MOST_BROKEN:
                return None
        self._engines.none_answers()
        return None

    def _ask_one(self, session: AgiSession, engine: str, sound: Path, wanted: str, wait_s: float) -> SpeechAnswer | None:
        """The answer by this engine; None when it can't be reached."""
        if not self._engines.is_ready(engine) or not session.try_to("SPEECH CREATE", engine).startswith(_DONE):
            self._engines.failed(engine)
            return None
        with self._engines.listening(engine):
            began_s = stopwatch_s()
            session.try_to("SPEECH SET", "grammar", wanted)
            if stopwatch_s() - began_s > _SET_TOOK_TOO_LONG_S:
                answer = SpeechAnswer(Ended.BROKEN)
            else:
                at_most_s = math.ceil(wait_s + _HUNG_AFTER_S)
                answer = read_speech_answer(session.try_to("SPEECH RECOGNIZE", str(sound.with_suffix("")), at_most_s))
            session.try_to("SPEECH DESTROY")
        if answer.ended is Ended.BROKEN:
            self._engines.failed(engine)
        else:
            self._engines.answers(engine)
        return answer


def voice_questions(settings: Settings) -> VoiceQuestions:
    """Questions to the recognisers of this installation."""
    engines = {names.speech_engine(number): port for number, port in enumerate(settings.speech_ports, start=1)}
    return VoiceQuestions(SpeechEngines(engines), settings.home / JOINED_FOLDER)
