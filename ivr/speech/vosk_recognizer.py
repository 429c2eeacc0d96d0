"""Vosk behind the recogniser's port: models of speech sets loaded once and shared, a fresh Kaldi recogniser for each question.

What Vosk punishes with the death of the process (a grammar that is empty or no JSON, a grammar changed in mid-word) can't
happen here: every grammar is made from words that the model holds, and none is ever changed.
"""

import importlib
import json
import re
import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from core.errors import NotFound, Unavailable
from core.log import get_log
from ivr.hearing import DIGIT_WORDS
from ivr.speech.phrase_match import UNKNOWN, HeardWord, Phrases
from ivr.speech.pronunciation import DIGITS
from ivr.speech.recognizer import BYTES_PER_S, SAMPLE_RATE_HZ, Recognition, SpeechResult
from ivr.speech.speech_set import SpeechSet, load_speech_set
from ivr.speech.together import Together
from ivr.speech.upsample import Upsampler

MOST_SETS = 4
_TOLD_DIGITS = 8  # long enough that going on is far likelier than ending
# People pause inside a long number: an end of speech is the end of the number only when nothing follows within this.
DIGITS_PAUSE_S = 0.6
_SET_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_log = get_log(__name__)


@dataclass(frozen=True, slots=True)
class LargerModel:
    """A Vosk model that an operator brought: its folder, the rate it was trained on (8000 or 16000), and whether its word graph
    is fixed, so that it hears free text and can't be told what to listen for."""

    folder: Path
    sample_rate_hz: int = SAMPLE_RATE_HZ
    is_static: bool = False


class VoskModel:
    """A model in memory; shared by threads (recognising releases the interpreter)."""

    def __init__(self, folder: Path, sample_rate_hz: int = SAMPLE_RATE_HZ, is_static: bool = False) -> None:
        self._vosk = _engine()
        self.is_static = is_static
        self.sample_rate_hz = sample_rate_hz
        try:
            self._model = self._vosk.Model(str(folder))
        except Exception as problem:  # Vosk raises a bare Exception
            raise Unavailable(f"The speech model in {folder} can't be loaded ({problem}).", "Run ./halo models check.") from None

    def knows(self, phrase: str) -> bool:
        """Whether it can hear every word of the phrase."""
        return all(self._model.vosk_model_find_word(word) >= 0 for word in phrase.split())

    def can_hear(self, phrases: Sequence[str], digits: Sequence[str]) -> bool:
        """Whether any of this could be heard."""
        return bool(digits) or any(self.knows(phrase) for phrase in phrases)

    def listen(self, phrases: tuple[str, ...], digits: Sequence[str]) -> Any:
        """A Kaldi recogniser for these phrases, of which it knows every word; or for free text. Raises Unavailable."""
        # A grammar would be ignored without a word by a fixed graph.
        return self.listen_as_told(*(() if self.is_static else (grammar_json(self, phrases, digits),)))

    def listen_as_told(self, *grammar: str) -> Any:
        """A Kaldi recogniser for this grammar, or for what the model's own graph holds."""
        engine = self._vosk.KaldiRecognizer(self._model, self.sample_rate_hz, *grammar)
        engine.SetWords(True)
        return engine


class VoskRecognizer:
    """Recognises with the speech sets below `folder`, of which the latest used stay in memory, and with `larger` models beside.

    A larger model that can't be loaded is told in the log and done without: callers are better understood badly than not at all.
    """

    def __init__(self, folder: Path, most_sets: int = MOST_SETS, larger: Sequence[LargerModel] = ()) -> None:
        _engine()
        self._larger = [loaded for model in larger if (loaded := _load_larger(model))]  # takes time: not while a caller waits
        self._folder = folder
        self._most_sets = most_sets
        self._sets: OrderedDict[str, _LoadedSet] = OrderedDict()
        self._lock = threading.Lock()

    def start(self, speech_set: str, grammar: str, digits: int = 0, form: str = "") -> Recognition:
        """See Recognizer.start. A form that the set has no graph for is listened for as any digits."""
        loaded = self._set(speech_set)
        spoken = loaded.set.grammars.get(grammar)
        if spoken is None:
            raise NotFound(f"Speech set {speech_set} has no grammar {grammar!r}.", "Publish the flow again.")
        models = [each for each in self._larger if each.can_hear(spoken.phrases, spoken.digits)]
        listening: list[Recognition] = [VoskRecognition(each, spoken.phrases, spoken.digits, digits) for each in models]
        numbers = self._number_model(loaded, grammar, form)
        if numbers is not None:
            listening.append(NumberRecognition(numbers, spoken.phrases))
        else:
            listening.append(VoskRecognition(loaded.model, spoken.phrases, spoken.digits, digits))
        return Together(listening) if len(listening) > 1 else listening[0]

    def loaded(self) -> list[str]:
        """The sets in memory, the one used last at the end."""
        with self._lock:
            return list(self._sets)

    def _number_model(self, loaded: "_LoadedSet", grammar: str, form: str) -> VoskModel | None:
        folder = loaded.set.number_model(grammar, form)
        if folder is None:
            return None
        with self._lock:
            if folder not in loaded.numbers:
                loaded.numbers[folder] = VoskModel(folder)
            return loaded.numbers[folder]

    def _set(self, name: str) -> "_LoadedSet":
        if not _SET_ID.fullmatch(name):
            raise NotFound("That is no name of a speech set.", "Names have letters, digits, _ and -.")
        with self._lock:
            if name not in self._sets:
                if not (self._folder / name).is_dir():
                    raise NotFound(f"There is no speech set {name}.", "Publish the flow again.")
                found = load_speech_set(self._folder / name)
                self._sets[name] = _LoadedSet(found, VoskModel(found.model))
                _log.info("speech_set_loaded", speech_set=name)
            self._sets.move_to_end(name)
            while len(self._sets) > self._most_sets:
                self._sets.popitem(last=False)  # whoever still listens with it keeps it alive
            return self._sets[name]


@dataclass(slots=True)
class _LoadedSet:
    """A speech set, its model, and those of its `numbers` that were asked for."""

    set: SpeechSet
    model: VoskModel
    numbers: dict[Path, VoskModel] = field(default_factory=dict)


class NumberRecognition:
    """Listening for numbers of one form, with a model that holds nothing else: it knows by itself when one can be over."""

    def __init__(self, model: VoskModel, phrases: tuple[str, ...]) -> None:
        self._phrases = Phrases(phrases, digits=True)
        self._engine = model.listen_as_told()
        self._partial = ""

    @property
    def speaking(self) -> bool:
        return bool(self._partial)

    def hear(self, sound: bytes) -> SpeechResult | None:
        if not self._engine.AcceptWaveform(sound):
            self._partial = json.loads(self._engine.PartialResult()).get("partial", "")
            return None
        self._partial = ""
        return self._result(self._engine.Result())

    def finish(self) -> SpeechResult | None:
        self._partial = ""
        return self._result(self._engine.FinalResult())

    def _result(self, told: str) -> SpeechResult | None:
        said = _words_of(told)
        return self._phrases.match(said) if said else None


class VoskRecognition:
    """One question's listening; see Recognition. `length` is how many digits a number has, 0 when that is not known.

    Raises Unavailable when the model knows nothing of what may be said.
    """

    def __init__(self, model: VoskModel, phrases: tuple[str, ...], digits: Sequence[str], length: int = 0) -> None:
        known = tuple(phrase for phrase in phrases if model.knows(phrase))
        self._phrases = Phrases(known, bool(digits))
        self._engine = model.listen(known, digits)
        self._is_static = model.is_static
        self._upsampler = Upsampler() if model.sample_rate_hz != SAMPLE_RATE_HZ else None
        self._pause = int(DIGITS_PAUSE_S * BYTES_PER_S) if digits else 0
        self._length = length
        self._said: list[HeardWord] = []
        self._quiet = 0  # bytes since the last piece of a number
        self._partial = ""

    @property
    def speaking(self) -> bool:
        return bool(self._partial or self._said)

    def hear(self, sound: bytes) -> SpeechResult | None:
        ended = self._engine.AcceptWaveform(self._upsampler.double(sound) if self._upsampler else sound)
        if ended:
            self._partial = ""
            piece = _words_of(self._engine.Result())
            self._said += piece
            self._quiet = 0 if piece else self._quiet + len(sound)
        else:
            self._partial = json.loads(self._engine.PartialResult()).get("partial", "")
            self._quiet = 0 if self._partial else self._quiet + len(sound)
        if not self._said or self._partial or self._quiet < self._pause_after_this():
            return None
        return self._result()

    def finish(self) -> SpeechResult | None:
        self._said += _words_of(self._engine.FinalResult())
        self._partial = ""
        return self._result() if self._said else None

    def _pause_after_this(self) -> int:
        """A number may go on after a pause, unless it has all its digits; "operator" does not."""
        may_go_on = len(self._said) != self._length and all(word.word in DIGIT_WORDS for word in self._said)
        return self._pause if may_go_on else 0

    def _result(self) -> SpeechResult:
        said, self._said, self._quiet = self._said, [], 0
        return self._phrases.match_free(said) if self._is_static else self._phrases.match(said)


def _load_larger(model: LargerModel) -> VoskModel | None:
    try:
        return VoskModel(model.folder, model.sample_rate_hz, model.is_static)
    except Unavailable as problem:
        _log.error("larger_model_not_used", why=problem.message, next_step=problem.next_step)
        return None


def _engine() -> Any:
    """Vosk, silenced. Its import tries out a socket, so it does not come with ours."""
    vosk = importlib.import_module("vosk")
    vosk.SetLogLevel(-1)
    return vosk


def grammar_json(model: VoskModel, phrases: tuple[str, ...], digits: Sequence[str]) -> str:
    """Vosk's grammar: the phrases, and either the digits or the sound of every other word.

    Strings of digits are recognised better without the latter. Raises Unavailable when nothing would be left to hear.
    """
    strings = [one for language in digits for one in digit_strings([word for word in DIGITS[language] if model.knows(word)])]
    # Vosk counts: each phrase as often as strings begin with each digit, so that neither is thought likelier.
    begins = max((len(DIGITS[language]) for language in digits), default=1)
    known = [phrase for phrase in dict.fromkeys(phrases) for _ in range(begins)]
    if not known and not strings:
        raise Unavailable("The speech model knows no word of this question.", "Publish the flow again.")
    if not digits and model.knows(UNKNOWN):
        known.append(UNKNOWN)
    return json.dumps([*known, *strings])


def digit_strings(words: Sequence[str]) -> list[str]:
    """Strings from which Vosk learns that a digit is mostly followed by another one, of the same language, and any as likely.

    Told the words alone it takes every one for a whole utterance: it then hears too few, and now and then another language's.
    """
    return [" ".join((one, other) * (_TOLD_DIGITS // 2)) for one in words for other in words]


def _words_of(result: str) -> list[HeardWord]:
    found = json.loads(result)
    return [HeardWord(word["word"], float(word.get("conf", 0.0))) for word in found.get("result", ())]
