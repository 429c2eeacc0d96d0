"""What the shipped model understands of voices that it never heard, on clean, noisy and coded lines, and what it costs."""

import json
import tempfile
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import vosk

from benchmarks.recognition_cost import measure_cost
from benchmarks.report import Report
from benchmarks.spoken_tests import MENU_SIZE, YES_OR_NO, Said, say_all, speakers
from benchmarks.telephone_lines import CONDITIONS, Condition, carry
from ivr.hearing import TAKE_FROM, spoken_digits_to_keys
from ivr.speech.grammars import GrammarSource
from ivr.speech.model_folder import SHIPPED_FOLDER, load_model_folder
from ivr.speech.phrase_match import UNKNOWN, HeardWord, Phrases
from ivr.speech.pronunciation import DIGITS
from ivr.speech.speech_set import compile_speech_set
from ivr.speech.training.corpus import SAMPLE_RATE_HZ, Samples
from ivr.speech.training.noises import NoiseBank
from ivr.speech.training.phrases import HOTLINE, NEVER_TRAINED
from ivr.speech.vosk_recognizer import digit_strings
from ivr.spoken import LANGUAGES

ONE_LANGUAGE = "digit string, one language"
KINDS = ("yes or no", "digit", "menu", "new words", "digit string", ONE_LANGUAGE)
_PIECE = SAMPLE_RATE_HZ // 10
_LINES_WITH_FULL_TABLE = ("clean", "babble 15 dB")
_MISSING = "–"
_Said = TypeVar("_Said")


@dataclass(frozen=True, slots=True)
class Heard:
    """What was made of a recording: the words ("" for unknown or nothing) and the least confidence of them."""

    words: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Judged:
    """A recording and what was heard, on one line."""

    said: Said
    line: str
    heard: Heard

    @property
    def right(self) -> bool:
        """Digits are right when they mean the same number: "dua" may be heard as "two"."""
        if self.said.kind.startswith("digit string"):
            return spoken_digits_to_keys(self.heard.words) == spoken_digits_to_keys(self.said.words)
        return self.heard.words == self.said.words

    @property
    def taken(self) -> bool:
        """Whether the flow would act on it without asking back."""
        return bool(self.heard.words) and self.heard.confidence >= TAKE_FROM


class Listener:
    """The shipped model with a vocabulary of everything in the tests. Thread-safe: Vosk releases the interpreter."""

    def __init__(self, model_folder: Path, sets: Path) -> None:
        vosk.SetLogLevel(-1)
        menus = {
            "all": GrammarSource(
                {language: [*HOTLINE[language], *NEVER_TRAINED[language]] for language in LANGUAGES}, digits=LANGUAGES
            )
        }
        self.model = vosk.Model(str(compile_speech_set(model_folder, menus, sets).model))

    def hear(self, samples: Samples, language: str, kind: str) -> Heard:
        """The answer to one question as a call takes it: the first thing said; of a number all that comes."""
        recogniser = self.recogniser(language, kind)
        words: list[Mapping[str, Any]] = []
        for at in range(0, len(samples), _PIECE):
            if recogniser.AcceptWaveform(samples[at : at + _PIECE].tobytes()):
                words += json.loads(recogniser.Result()).get("result", ())
                if words and not kind.startswith("digit string"):
                    return heard_in(words, language, kind)
        return heard_in([*words, *json.loads(recogniser.FinalResult()).get("result", ())], language, kind)

    def recogniser(self, language: str, kind: str) -> Any:
        """A fresh one for a question of this kind."""
        made = vosk.KaldiRecognizer(self.model, SAMPLE_RATE_HZ, json.dumps(grammar(language, kind)))
        made.SetWords(True)
        return made


def grammar(language: str, kind: str) -> list[str]:
    """What may be said to a question; the menu is asked in one language, digits in both, and only digits go without unknown."""
    if kind == "digit string":
        return [string for each in LANGUAGES for string in digit_strings(DIGITS[each])]
    if kind == ONE_LANGUAGE:
        return digit_strings(DIGITS[language])
    if kind == "digit":
        return [*DIGITS[language], UNKNOWN]
    if kind == "yes or no":
        return [*YES_OR_NO[language], UNKNOWN]
    return [*(NEVER_TRAINED[language] if kind == "new words" else HOTLINE[language][:MENU_SIZE]), UNKNOWN]


def heard_in(words: Sequence[Mapping[str, Any]], language: str, kind: str) -> Heard:
    """Vosk's words as the flow takes them: what is none of the question's phrases leaves nothing."""
    allowed = [] if kind.startswith("digit string") else [phrase for phrase in grammar(language, kind) if phrase != UNKNOWN]
    said = Phrases(tuple(allowed), digits=kind.startswith("digit")).match(
        [HeardWord(word["word"], float(word["conf"])) for word in words]
    )
    return Heard(said.words, said.confidence)


def judge_all(listener: Listener, spoken: Sequence[Said], lines: Iterable[Condition], noises: NoiseBank, seed: int) -> list[Judged]:
    """Everything that was said, on every line. What no grammar holds is said to the menu."""
    judged = []
    with ThreadPoolExecutor(2) as threads:
        for line in lines:
            arrived = carry([said.samples for said in spoken], line, seed, noises)
            heard = threads.map(
                lambda pair: listener.hear(pair[1], pair[0].language, pair[0].kind), zip(spoken, arrived, strict=True)
            )
            judged += [Judged(said, line.name, each) for said, each in zip(spoken, heard, strict=True)]
    return judged


def part_of(spoken: Sequence[_Said], share: float) -> list[_Said]:
    """About this share of it, evenly over voices and kinds."""
    return [said for place, said in enumerate(spoken) if int((place + 1) * share) > int(place * share)]


def measure(report: Report, share: float = 1.0, model: Path | None = None, lines: Sequence[Condition] = CONDITIONS) -> None:
    """Fill the report. `share` of what each voice says is measured; the clean line always with all of it."""
    model_folder, seed = model or SHIPPED_FOLDER, 7
    about = load_model_folder(model_folder)
    with tempfile.TemporaryDirectory() as sets:
        listener = Listener(model_folder, Path(sets))
        spoken, missing = [], []
        for language in LANGUAGES:
            there, absent = speakers(language)
            spoken += list(say_all(language, there, seed))
            missing += absent
        spoken += [replace(said, kind=ONE_LANGUAGE) for said in spoken if said.kind == "digit string"]
        # Strangers talk behind the caller; what a menu offers is not among their words.
        noises = NoiseBank(np.random.default_rng(seed), [said.samples for said in spoken if said.kind == "out of grammar"])
        judged = judge_all(listener, spoken, lines[:1], noises, seed)
        judged += judge_all(listener, part_of(spoken, share), lines[1:], noises, seed)
        _tables(report, judged)
        measure_cost(report, listener, [said for said in spoken if said.kind == "menu"][::5])
    report.remarks += [
        f"Model {about.name}, version {about.version}. None of the voices was in the training: "
        f"{', '.join(sorted({said.voice for said in spoken}))}. All but the human one are synthesised; hers are "
        "English digits alone, recorded one by one.",
        "Human Indonesian speech was never measured: treat accuracy with callers as unproven.",
        f"A wrong word is taken when its confidence is {TAKE_FROM} or more: the flow acts on it without asking back.",
    ]
    if missing:
        report.remarks.append(f"Not installed, so not measured: {', '.join(sorted(set(missing)))}.")


def _tables(report: Report, judged: Sequence[Judged]) -> None:
    for language in LANGUAGES:
        table = report.table(f"Understood rightly, language {language}", "line", *KINDS)
        for line in dict.fromkeys(each.line for each in judged):
            cells = [_share(report, f"{language} {kind} {line}", _of(judged, language, kind, line)) for kind in KINDS]
            table.add(line, *cells)
    table = report.table(
        "Out of the grammar, taken for an option", "language, line", "phrases", "heard as one", "taken", "right ones taken"
    )
    for language in LANGUAGES:
        for line in dict.fromkeys(each.line for each in judged):
            outside = _of(judged, language, "out of grammar", line)
            heard, taken = sum(bool(each.heard.words) for each in outside), sum(each.taken for each in outside)
            menu = [each for each in _of(judged, language, "menu", line) if each.right]
            table.add(
                f"{language} {line}",
                len(outside),
                _percent(heard, len(outside)),
                _percent(taken, len(outside)),
                _percent(sum(each.taken for each in menu), len(menu)),
            )
            report.figures[f"false accepts {language} {line}"] = {"phrases": len(outside), "heard": heard, "taken": taken}
    voices = report.table("By voice, menus and digits", "language, voice", *_LINES_WITH_FULL_TABLE, "digit string, clean")
    for language, voice in dict.fromkeys((each.said.language, each.said.voice) for each in judged):
        own = [each for each in judged if (each.said.language, each.said.voice) == (language, voice)]
        cells = [
            _fraction([each for each in own if each.line == line and each.said.kind in KINDS[:4]])
            for line in _LINES_WITH_FULL_TABLE
        ]
        voices.add(
            f"{language} {voice}",
            *cells,
            _fraction([each for each in own if each.said.kind == "digit string" and each.line == "clean"]),
        )
    wrong = Counter(
        (each.said.words, each.heard.words or "nothing")
        for each in judged
        if each.line == "clean" and each.said.kind in KINDS[:4] and not each.right
    )
    if wrong:
        often = report.table("Most frequent mistakes on the clean line", "said", "heard", "times")
        for (said, heard), times in wrong.most_common(8):
            often.add(said, heard, times)


def _of(judged: Iterable[Judged], language: str, kind: str, line: str) -> list[Judged]:
    return [each for each in judged if (each.said.language, each.said.kind, each.line) == (language, kind, line)]


def _share(report: Report, name: str, judged: Sequence[Judged]) -> str:
    report.figures[name] = {"right": sum(each.right for each in judged), "of": len(judged)}
    return _fraction(judged)


def _fraction(judged: Sequence[Judged]) -> str:
    return f"{_percent(sum(each.right for each in judged), len(judged))} of {len(judged)}" if judged else _MISSING


def _percent(count: int, of: int) -> str:
    return f"{100 * count / of:.1f} %" if of else _MISSING
