"""Puts a flow in force: checked first, then everything made that callers need of it, and only then told to the calls."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from sqlalchemy.exc import IntegrityError

from core.clock import Clock
from core.database import Database
from core.errors import HaloError
from core.problem import Faults, Problem
from ivr.flow import Flow
from ivr.flow_check import Premises, flow_problems
from ivr.flow_file import FlowText, read_flow, shipped_flow, shipped_flow_names
from ivr.flow_version import grammar_sources
from ivr.flow_versions import SHIPPED_BY, FlowVersionRecord, bring_back, in_force, put_in_force, version_of
from ivr.line import Prompt
from ivr.speech.grammars import GrammarSource

LookAround = Callable[[], Premises]
MakeSpeechSet = Callable[[Mapping[str, GrammarSource]], str]
MakeSounds = Callable[[Iterable[Prompt]], object]
Progress = Callable[[str, int, int], object]
"""Told the step ("sounds", "words"), how many are done, and how many there are (0: nobody knows)."""


class Overtaken(HaloError):
    """Another version came into force since the one that somebody had before them."""

    code = "overtaken"


def untold(_step: str, _done: int, _of: int) -> None:
    """Tells nobody how far it is."""


class Publisher:
    """Publishes and brings back versions. `look_around` tells what a flow may name: opening hours may change at any time.

    `make_speech_set` compiles a word graph for the grammars and returns its id ("" where speech is off); `make_sounds`
    has sentences spoken to files, so that no caller waits for one. Both do nothing for what is there already, so
    a publication that was broken off is simply made again.
    """

    def __init__(
        self, database: Database, clock: Clock, look_around: LookAround, make_speech_set: MakeSpeechSet, make_sounds: MakeSounds
    ) -> None:
        self._database, self._clock, self._look_around = database, clock, look_around
        self._make_speech_set, self._make_sounds = make_speech_set, make_sounds

    def publish(self, text: FlowText, by: str, note: str = "", based_on: int | None = None, progress: Progress = untold) -> int:
        """Check a flow and put it in force for the calls that come from now on; returns the version's number.

        `based_on` is the number in force that its author knew of (0: none). Raises BadInput that names every serious problem
        with its line, Overtaken when another version came into force since.
        """
        serious = [problem for problem in flow_problems(text, self._look_around()) if problem.serious]
        if serious:
            raise Faults(serious, "Nothing was published.")
        self._raise_if_overtaken(text.flow.flow, based_on, same=text.text)
        speech_set = self._prepare(text.flow, progress)
        with self._database.writing() as session:
            current = in_force(session, text.flow.flow, lock=True)
            _check_base(current, based_on, same=text.text)
            try:
                version = put_in_force(session, text.flow.flow, text.text, speech_set, self._clock.now(), by, note)
                session.commit()
            except IntegrityError:  # two first versions at once
                raise _overtaken() from None
            return version.number

    def roll_back(self, flow: str, number: int, by: str, based_on: int | None = None, progress: Progress = untold) -> int:
        """Put an earlier version in force again, with a word graph as it is made today.

        Raises NotFound, BadInput, and Overtaken as `publish` does.
        """
        with self._database.reading() as session:
            content = version_of(session, flow, number).content

        self._raise_if_overtaken(flow, based_on, same=content)
        speech_set = self._prepare(read_flow(content, f"{flow} version {number}").flow, progress)
        with self._database.writing() as session:
            current = in_force(session, flow, lock=True)
            _check_base(current, based_on, same=content)
            if based_on is not None and current is not None and current.number == number:
                return number  # it was brought back already, by work that was broken off
            version = bring_back(session, flow, number, self._clock.now(), by)
            version.speech_set = speech_set
            session.commit()
        return number

    def publish_shipped(self) -> list[str]:
        """Put the flows in force that came with the program, where no person has published another one.

        Returns the names of those that changed.
        """
        changed = []
        for name in shipped_flow_names():
            with self._database.reading() as session:
                current = in_force(session, name)
            if current is None or current.made_by == SHIPPED_BY:
                number = self.publish(shipped_flow(name), SHIPPED_BY)
                if current is None or number != current.number:
                    changed.append(name)
        return changed

    def renew(self) -> list[str]:
        """Have what callers hear and say in the flows in force made as today: a new speech model needs word graphs of its own.

        Versions stay what they are. Returns the names of the flows that have another word graph now. Raises BadInput for a
        flow that this program can't read.
        """
        renewed = []
        for name in shipped_flow_names():
            with self._database.reading() as session:
                current = in_force(session, name)
            if current is None:
                continue
            speech_set = self._prepare(read_flow(current.content, f"{name} version {current.number}").flow)
            if speech_set != current.speech_set:
                with self._database.writing() as session:
                    version_of(session, name, current.number).speech_set = speech_set
                    session.commit()
                renewed.append(name)
        return renewed

    def flows_in_force(self) -> list[FlowText]:
        """Every flow as callers have it now. Raises BadInput for one that this program can't read."""
        with self._database.reading() as session:
            found = [record for name in shipped_flow_names() if (record := in_force(session, name)) is not None]
        return [read_flow(record.content, f"{record.flow} version {record.number}") for record in found]

    def faults_in_force(self) -> list[Problem]:
        """What is wrong now with the flows in force: hours and numbers may have changed since they were published."""
        there = self._look_around()
        return [problem for text in self.flows_in_force() for problem in flow_problems(text, there) if problem.serious]

    def _raise_if_overtaken(self, flow: str, based_on: int | None, same: str) -> None:
        """Found out before the long work, and again after it."""
        with self._database.reading() as session:
            _check_base(in_force(session, flow), based_on, same)

    def _prepare(self, flow: Flow, progress: Progress = untold) -> str:
        prompts = [Prompt(key, language, text=words) for key, language, words in flow.sentences()]
        self._make_sounds(_counted(prompts, progress))
        progress("words", 0, 0)
        return self._make_speech_set(grammar_sources(flow))


def _counted(prompts: list[Prompt], progress: Progress) -> Iterator[Prompt]:
    for done, prompt in enumerate(prompts):
        progress("sounds", done, len(prompts))
        yield prompt


def _check_base(current: FlowVersionRecord | None, based_on: int | None, same: str) -> None:
    if based_on is None or (current is not None and current.content == same):
        return
    if (current.number if current else 0) != based_on:
        raise _overtaken()


def _overtaken() -> Overtaken:
    return Overtaken("Another version came into force meanwhile.", "Look at what it changes, then publish again.")
