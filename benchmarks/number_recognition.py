"""Spoken numbers as calls hear them: with the form that the flow knows, and beside it as any digits, as it was without."""

import tempfile
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.recognition import part_of
from benchmarks.report import Report
from benchmarks.spoken_numbers import ADDED, KIND_OF_FORM, KINDS, LOST, MISREAD, SENTENCE, SaidNumber, say_numbers
from benchmarks.spoken_tests import speakers
from benchmarks.telephone_lines import AFTER_S, CONDITIONS, Condition, carry
from ivr.flow_file import shipped_flow
from ivr.flow_version import NUMBER_GRAMMARS, grammar_sources
from ivr.hearing import Doubtful, Taken, judge_number, spoken_digits_to_keys
from ivr.line import Heard
from ivr.speech.model_folder import SHIPPED_FOLDER
from ivr.speech.recognizer import SAMPLE_RATE_HZ
from ivr.speech.speech_set import compile_speech_set
from ivr.speech.training.noises import NoiseBank
from ivr.speech.vosk_recognizer import VoskRecognizer
from ivr.spoken import LANGUAGES

_PIECE = SAMPLE_RATE_HZ * 60 // 1000
_MORE_LINE_S = 1.5
_SEED = 7
_MISSING = "–"


@dataclass(frozen=True, slots=True)
class HeardNumber:
    """What was said on a line, what was heard, and how long after the recording's end; `known` when the form was."""

    said: SaidNumber
    line: str
    known: bool
    heard: Heard
    after_ms: float

    @property
    def digits(self) -> str:
        """The digits that were heard."""
        return spoken_digits_to_keys(self.heard.words)

    @property
    def is_right(self) -> bool:
        """Whether they are those that were said."""
        return bool(self.digits) and self.digits == self.said.digits

    @property
    def taken(self) -> str:
        """The number that the flow would act on without asking back; "" for none. What is of another form it does not act on."""
        match judge_number(self.heard, self.said.form):
            case Taken(digits) if self.said.form.fits(digits):
                return digits
        return ""

    @property
    def asked(self) -> str:
        """The number that it would ask back."""
        match judge_number(self.heard, self.said.form):
            case Doubtful(digits):
                return digits
        return ""


class NumberListener:
    """The shipped flow's speech set in the recogniser of the product."""

    def __init__(self, model_folder: Path, sets: Path) -> None:
        made = compile_speech_set(model_folder, grammar_sources(shipped_flow().flow), sets)
        self._set, self._recognizer = made.id, VoskRecognizer(sets)

    def hear(self, said: SaidNumber, samples: np.ndarray, known: bool, line: str) -> HeardNumber:
        """Feed it in pieces of 60 ms, as calls come, until there is an answer."""
        form = said.form
        grammar = NUMBER_GRAMMARS[said.language]
        recognition = self._recognizer.start(self._set, grammar, form.longest, form.name if known else "")
        ended = len(samples) - int(AFTER_S * SAMPLE_RATE_HZ)
        quiet = np.random.default_rng(1).normal(0, 4, int(_MORE_LINE_S * SAMPLE_RATE_HZ)).astype(np.int16)
        whole = np.concatenate([samples, quiet])
        for at in range(0, len(whole), _PIECE):
            result = recognition.hear(whole[at : at + _PIECE].tobytes())
            if result is not None:
                break
        else:
            result = recognition.finish()
        heard = Heard(words=result.words, confidence=result.confidence) if result else Heard()
        return HeardNumber(said, line, known, heard, (at + _PIECE - ended) * 1000 / SAMPLE_RATE_HZ)


def measure(report: Report, share: float, model: Path | None = None, lines: Sequence[Condition] = CONDITIONS) -> None:
    """Fill the report. `share` of what each voice says is measured; on the clean line always all of it."""
    spoken: list[SaidNumber] = []
    missing: list[str] = []
    for language in LANGUAGES:
        there, absent = speakers(language)
        spoken += say_numbers(language, there, _SEED)
        missing += absent
    noises = NoiseBank(np.random.default_rng(_SEED), [said.samples for said in spoken if said.wrong == SENTENCE][:60])
    heard: list[HeardNumber] = []
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(2) as threads:
        listener = NumberListener(model or SHIPPED_FOLDER, Path(folder))
        for line in lines:
            part = spoken if line == lines[0] else part_of(spoken, share)
            arrived = carry([said.samples for said in part], line, _SEED, noises)
            for known in (False, True):
                heard += threads.map(_hearing(listener, known, line.name), part, arrived)
    _understood(report, heard)
    _by_voice(report, heard, lines[0].name)
    _acted_on(report, heard)
    _wrong_numbers(report, heard)
    _waits(report, heard)
    report.remarks += [
        "Each cell: as any digits -> as numbers of the form that the flow knows, in the same run, same recordings.",
        f"Voices, none of which trained the model: {', '.join(dict.fromkeys(said.voice for said in spoken))}. One is a person, "
        "whose words were recorded one by one; the rest are synthesised. Human Indonesian was never measured.",
    ]
    if missing:
        report.remarks.append(f"Not installed, so not measured: {', '.join(sorted(set(missing)))}.")


def _hearing(listener: NumberListener, known: bool, line: str) -> Callable[[SaidNumber, np.ndarray], HeardNumber]:
    return lambda said, samples: listener.hear(said, samples, known, line)


def _understood(report: Report, heard: Sequence[HeardNumber]) -> None:
    for language in LANGUAGES:
        table = report.table(f"Numbers heard rightly, language {language}", "line", *KINDS)
        for line in dict.fromkeys(each.line for each in heard):
            own = [each for each in heard if (each.said.language, each.line) == (language, line) and not each.said.wrong]
            table.add(line, *(_both(report, f"{language} {kind} {line}", _of_kind(own, kind)) for kind in KINDS))


def _by_voice(report: Report, heard: Sequence[HeardNumber], line: str) -> None:
    table = report.table(f"By voice, {line} line", "language, voice", *KINDS)
    right = [each for each in heard if not each.said.wrong and each.line == line]
    for language, voice in dict.fromkeys((each.said.language, each.said.voice) for each in right):
        own = [each for each in right if (each.said.language, each.said.voice) == (language, voice)]
        table.add(f"{language} {voice}", *(_both(report, f"{language} {voice} {kind}", _of_kind(own, kind)) for kind in KINDS))


def _acted_on(report: Report, heard: Sequence[HeardNumber]) -> None:
    title = "What the flow does with right numbers, their form known"
    table = report.table(title, "language, line", "numbers", "taken", "asked back", "wrong one taken")
    for language in LANGUAGES:
        for line in dict.fromkeys(each.line for each in heard):
            own = [
                each for each in heard if (each.said.language, each.line) == (language, line) and each.known and not each.said.wrong
            ]
            wrong = sum(bool(each.taken) and not each.is_right for each in own)
            table.add(
                f"{language} {line}",
                len(own),
                _percent(sum(each.is_right and bool(each.taken) for each in own), len(own)),
                _percent(sum(each.is_right and bool(each.asked) for each in own), len(own)),
                f"{wrong} ({_percent(wrong, len(own))})",
            )


def _wrong_numbers(report: Report, heard: Sequence[HeardNumber]) -> None:
    table = report.table(
        "Said to the question for an order number, and none: taken for one (asked back)", "line", MISREAD, LOST, ADDED, SENTENCE
    )
    for line in dict.fromkeys(each.line for each in heard):
        cells = []
        for wrong in (MISREAD, LOST, ADDED, SENTENCE):
            own = [each for each in heard if each.line == line and each.said.wrong == wrong and each.known]
            taken, asked = sum(bool(each.taken) for each in own), sum(bool(each.asked) for each in own)
            report.figures[f"false accepts {wrong} {line}"] = {"taken": taken, "asked": asked, "of": len(own)}
            cells.append(f"{taken} ({asked}) of {len(own)}")
        table.add(line, *cells)


def _waits(report: Report, heard: Sequence[HeardNumber]) -> None:
    table = report.table("From the recording's end to the right answer, clean line", "what", "median ms", "19 of 20 ms")
    for kind in KINDS:
        for known in (False, True):
            own = [
                each.after_ms
                for each in _of_kind(heard, kind)
                if each.known == known and each.is_right and not each.said.wrong and each.line == CONDITIONS[0].name
            ]
            if own:
                name = f"{kind}, {'form known' if known else 'any digits'}"
                table.add(name, f"{np.median(own):.0f}", f"{np.quantile(own, 0.95):.0f}")
                report.figures[f"answer after {name}"] = float(np.median(own))


def _of_kind(heard: Iterable[HeardNumber], kind: str) -> list[HeardNumber]:
    return [each for each in heard if KIND_OF_FORM[each.said.form.name] == kind]


def _both(report: Report, name: str, heard: Sequence[HeardNumber]) -> str:
    parts = []
    for known in (False, True):
        own = [each for each in heard if each.known == known]
        right = sum(each.is_right for each in own)
        report.figures[f"{name}, {'form known' if known else 'any digits'}"] = {"right": right, "of": len(own)}
        parts.append(_percent(right, len(own)))
    return f"{' -> '.join(parts)} of {len(heard) // 2}" if heard else _MISSING


def _percent(count: int, of: int) -> str:
    return f"{100 * count / of:.1f} %" if of else _MISSING
