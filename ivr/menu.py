"""Menus by key: declared as data, asked the same way everywhere, with a person always one key away."""

from dataclasses import dataclass

from ivr.line import CallerLine, Prompt
from ivr.reasons import Reason

PERSON_KEY = "0"
_OPTION_KEYS = frozenset("123456789*")


class PersonWanted(Exception):
    """The caller asked for a person, or needs one. A result, not an error: the runner hands the caller over."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Option:
    """One way to go on: the key that chooses it and its name, which the flow switches on."""

    key: str
    name: str


@dataclass(frozen=True, slots=True)
class Menu:
    """A question with a few answers.

    It is asked up to `tries` times, each time in other words: the catalogue holds `<name>_1`, `<name>_2`, and so on.
    `wait_s` is the time for a key after the prompt. `on_silence` names the choice of a caller who presses nothing; "" asks
    again. `languages` has the question spoken in each of these, for as long as the caller's own is unknown.
    Key 0 is the way out of every menu, so no option may take it. Raises ValueError when the menu contradicts itself.
    """

    name: str
    options: tuple[Option, ...]
    tries: int = 3
    wait_s: float = 5.0
    on_silence: str = ""
    languages: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        keys = [option.key for option in self.options]
        if not keys or len(set(keys)) < len(keys) or not _OPTION_KEYS.issuperset(keys):
            raise ValueError(f"menu {self.name}: every option needs a key of its own among 1 to 9 and *, not {keys}")
        if self.tries < 1:
            raise ValueError(f"menu {self.name}: tries must be one or more")

    def prompt_keys(self) -> tuple[str, ...]:
        """Every sentence of its own that the catalogue must hold."""
        return tuple(f"{self.name}_{number}" for number in range(1, self.tries + 1))

    def ask(self, line: CallerLine, language: str, *lead_in: Prompt, pressed: str = "") -> str:
        """Ask until the caller chooses; return the name of the choice.

        `lead_in` is spoken before the first question and may be cut short by a key too. `pressed` is a key that the
        caller pressed already: it counts as the answer to the first question. Every answer is noted on the line.
        Raises PersonWanted for key 0 or when the tries are used up, HungUp when the caller is gone.
        """
        key = pressed or line.ask_keys(*lead_in, *self._question(1, "", language), wait_s=self.wait_s)
        for number in range(2, self.tries + 2):
            chosen = self._choice(key)
            if chosen:
                line.note(self.name, chosen)
                return chosen
            if key == PERSON_KEY:
                line.note(self.name, Reason.ASKED_FOR_PERSON)
                raise PersonWanted(Reason.ASKED_FOR_PERSON)
            missed = Reason.WRONG_INPUT if key else Reason.NO_INPUT
            line.note(self.name, missed)
            if number > self.tries:
                break
            key = line.ask_keys(*self._question(number, retry_key(missed, number), language), wait_s=self.wait_s)
        raise PersonWanted(missed)

    def _choice(self, key: str) -> str:
        if not key:
            return self.on_silence
        return next((option.name for option in self.options if option.key == key), "")

    def _question(self, number: int, opening: str, language: str) -> list[Prompt]:
        keys = [opening, f"{self.name}_{number}"] if opening else [f"{self.name}_{number}"]
        return [Prompt(key, spoken) for spoken in self.languages or (language,) for key in keys]


def retry_key(missed: Reason, number: int) -> str:
    """The catalogue key of the words that open try `number` (2 or more) after no key or a wrong one."""
    return f"{'no_key' if missed is Reason.NO_INPUT else 'wrong_key'}_{min(number, 3)}"
