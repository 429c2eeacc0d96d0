"""Asks a menu by key and by voice, the same way everywhere, with a person always one key or one word away."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from ivr.flow import PERSON_KEY, Choice, Condition, MenuText, invite_key, offer_key
from ivr.flow_version import NO_PHRASES, YES_PHRASES, FlowVersion
from ivr.hearing import Doubtful, NotUnderstood, Taken, judge
from ivr.line import CallerLine, Heard, Prompt
from ivr.reasons import Reason

_PERSON, _REPEAT = "(person)", "(repeat)"
_YES, _NO = "(yes)", "(no)"
_YES_KEY, _NO_KEY = "1", "2"
YES_NO_WAIT_S = 4.0
_MOST_REPEATS = 3
MOST_MISHEARD = 2  # after that the caller is asked for keys alone: speech does not work for them here


class PersonWanted(Exception):
    """The caller asked for a person, or needs one. A result, not an error: the runner hands the caller over."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


@dataclass(slots=True)
class Ears:
    """How well we understand this caller: after MOST_MISHEARD answers in a row that were not understood, keys alone."""

    misheard: int = 0

    @property
    def listening(self) -> bool:
        return self.misheard < MOST_MISHEARD


@dataclass(frozen=True, slots=True)
class Menu:
    """A menu of a published flow, ready to be asked of one caller in `languages`, one after the other (mostly one).

    Key 0, and the flow's words for a person, are the way out of every menu. `holds` is what is so on this call,
    `about` what the question is about, said before it at every try.
    """

    name: str
    version: FlowVersion
    languages: tuple[str, ...]
    holds: frozenset[Condition] = frozenset()
    about: tuple[Prompt, ...] = ()
    text: MenuText = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", self.version.menu(self.name))

    @property
    def choices(self) -> tuple[Choice, ...]:
        """The choices that there are on this call."""
        return tuple(choice for choice in self.text.choices if choice.only_if is None or choice.only_if in self.holds)

    def ask(self, line: CallerLine, ears: Ears, *lead_in: Prompt, first: Heard | None = None, told: bool = False) -> str:
        """Ask until the caller chooses; return the name of the choice. Every answer is noted on the line.

        `lead_in` is spoken before the first question and may be cut short too. `first` is an answer that came already.
        What it is about may be `told` already, and is said again at the next tries only.
        Raises PersonWanted when asked for, or when the tries are used up; HungUp when the caller is gone.
        """
        heard = first
        if heard is None or not (heard.keys or heard.words):
            heard = self.listen(line, ears, *lead_in, *self._invitation(ears), *self._question(1, None, told))
        missed = Reason.NO_INPUT
        repeats = 0
        number = 1
        while True:
            chosen, missed = self._understand(line, ears, heard)
            if chosen == _REPEAT and repeats < _MOST_REPEATS:
                repeats += 1
                heard = self.listen(line, ears, *self._question(number, None))
                continue
            if chosen == _PERSON:
                line.note(self.name, Reason.ASKED_FOR_PERSON)
                raise PersonWanted(Reason.ASKED_FOR_PERSON)
            if chosen and chosen != _REPEAT:
                line.note(self.name, chosen)
                return chosen
            line.note(self.name, missed)
            number += 1
            if number > self.text.tries:
                raise PersonWanted(missed)
            heard = self.listen(line, ears, *self._question(number, missed))

    def listen(self, line: CallerLine, ears: Ears, *prompts: Prompt, wait_s: float | None = None) -> Heard:
        """Speak, and take an answer by key, or by voice as long as that works for this caller."""
        wait_s = self.text.wait_s if wait_s is None else wait_s
        if self._understands_words(ears):
            return line.ask(*prompts, grammar=self.version.grammar(self.name), wait_s=wait_s)
        return Heard(keys=line.ask_keys(*prompts, wait_s=wait_s))

    def _understand(self, line: CallerLine, ears: Ears, heard: Heard) -> tuple[str, Reason]:
        """The choice, or "" and why there is none."""
        if heard.keys:
            key = heard.keys[0]
            named = next((choice.name for choice in self.choices if choice.key == key), "")
            return (_PERSON if key == PERSON_KEY else named), Reason.WRONG_INPUT
        if not heard.words and not heard.spoke:
            return self.text.on_silence or "", Reason.NO_INPUT
        options = {choice.name: choice.all_phrases() for choice in self.choices}
        match judge(heard, options | universal(self.version)):
            case Taken(option):
                ears.misheard = 0
                return option, Reason.NOT_UNDERSTOOD
            case Doubtful(option) if self._is_meant(line, ears, option):
                ears.misheard = 0
                return option, Reason.NOT_UNDERSTOOD
            case Doubtful() | NotUnderstood():
                ears.misheard += 1
        return "", Reason.NOT_UNDERSTOOD

    def _is_meant(self, line: CallerLine, ears: Ears, option: str) -> bool:
        """Ask back once: "did you say …?", by key or by voice."""
        language = self.languages[0]
        prompt = Prompt("did_you_say", language, {"phrase": self._spoken_name(option, language)})
        line.say()  # a key from before was meant for something else
        heard = line.ask(prompt, grammar=self.version.yes_no_grammar(), wait_s=YES_NO_WAIT_S)
        if wants_person(heard, self.version):
            line.note(self.name, Reason.ASKED_FOR_PERSON)
            raise PersonWanted(Reason.ASKED_FOR_PERSON)
        return is_yes(heard)

    def _spoken_name(self, option: str, language: str) -> str:
        choice = self.text.choice(option)
        phrases = choice.phrases if choice else {}
        if option == _PERSON:
            phrases = self.version.flow.person_phrases
        elif option == _REPEAT:
            phrases = self.version.flow.repeat_phrases
        own: Sequence[str] = phrases.get(language, ())
        return own[0] if own else next(phrase for each in phrases.values() for phrase in each)

    def _understands_words(self, ears: Ears) -> bool:
        return ears.listening and bool(self.version.speech_set)

    def _invitation(self, ears: Ears) -> list[Prompt]:
        if not self._understands_words(ears):
            return []
        spoken = [language for language in self.languages if language in self.text.invite]
        return [Prompt(invite_key(self.name), language, text=self.text.invite[language]) for language in spoken]

    def _question(self, number: int, missed: Reason | None, told: bool = False) -> list[Prompt]:
        prompts = []
        for language in self.languages:
            if missed is not None:
                prompts.append(Prompt(retry_key(missed, number), language))
            prompts += () if told else self.about
            words = self.text.ask[language][number - 1]
            prompts.append(Prompt(f"{self.name}_{number}", language, text=words))
            for choice in self.choices:
                if choice.say:
                    prompts.append(Prompt(offer_key(self.name, choice.name), language, text=choice.say[language]))
        return prompts


def universal(version: FlowVersion) -> dict[str, tuple[str, ...]]:
    """What may be said anywhere: the words for a person, and for hearing it again."""
    flow = version.flow
    person = tuple(phrase for phrases in flow.person_phrases.values() for phrase in phrases)
    repeat = tuple(phrase for phrases in flow.repeat_phrases.values() for phrase in phrases)
    return {_PERSON: person, _REPEAT: repeat}


def wants_person(heard: Heard, version: FlowVersion) -> bool:
    """Whether the answer to some other question is the wish for a person."""
    return heard.keys == PERSON_KEY or (bool(heard.words) and judge(heard, universal(version)) == Taken(_PERSON))


def is_yes(heard: Heard) -> bool:
    """Whether the answer is a yes: key 1, or the word. Silence and anything unclear are no."""
    if heard.keys:
        return heard.keys[0] == _YES_KEY
    yes = tuple(word for words in YES_PHRASES.values() for word in words)
    no = tuple(word for words in NO_PHRASES.values() for word in words)
    return judge(heard, {_YES: yes, _NO: no}) == Taken(_YES)


def retry_key(missed: Reason, number: int) -> str:
    """The catalogue key of the words that open try `number` (2 or more) after no answer or one that does not fit."""
    begins = {Reason.NO_INPUT: "no_key", Reason.NOT_UNDERSTOOD: "not_understood"}.get(missed, "wrong_key")
    return f"{begins}_{min(number, 3)}"
