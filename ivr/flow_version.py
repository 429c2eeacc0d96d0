"""One published version of a flow: what a running call keeps to its end, whatever is published meanwhile."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from ivr.flow import Flow, MenuText
from ivr.line import Grammar
from ivr.number_form import NumberForm
from ivr.speech.grammars import GrammarSource
from ivr.spoken import LANGUAGES

NUMBER_GRAMMARS = {language: f"spoken_number_{language}" for language in LANGUAGES}
YES_NO_GRAMMAR = "yes_no"
YES_PHRASES = {"id": ("ya", "betul", "benar"), "en": ("yes", "correct", "right")}
NO_PHRASES = {"id": ("tidak", "bukan", "salah"), "en": ("no", "wrong")}
# The offer to be called back, and the time of it.
CALLBACK_OFFER_GRAMMAR, CALL_TIME_GRAMMAR, OTHER_HOUR = "callback_offer", "call_time", "other_hour"
OTHER_TIME_PHRASES = {"id": ("waktu lain", "lain waktu"), "en": ("another time", "later")}
CALL_TIME_PHRASES: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "in_an_hour": {"id": ("satu jam lagi",), "en": ("in one hour", "in an hour")},
    "this_afternoon": {"id": ("sore ini", "nanti sore"), "en": ("this afternoon",)},
    "tomorrow_morning": {"id": ("besok pagi",), "en": ("tomorrow morning",)},
    OTHER_HOUR: {"id": ("jam lain",), "en": ("another hour",)},
}


@dataclass(frozen=True, slots=True)
class FlowVersion:
    """`number` counts from 1 (0: not published, as in a check). `speech_set` names its word graph; "" when nobody listens."""

    flow: Flow
    number: int = 0
    speech_set: str = ""
    _grammars: Mapping[str, Grammar] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        made = {
            name: Grammar(name, self.speech_set, tuple(source.all_phrases()), bool(source.digits))
            for name, source in grammar_sources(self.flow).items()
        }
        object.__setattr__(self, "_grammars", made)

    def menu(self, name: str) -> MenuText:
        """The menu of this name. Raises KeyError, which the check of the flow rules out."""
        return self.flow.menus[name]

    def grammar(self, menu: str) -> Grammar:
        """What may be said at this menu."""
        return self._grammars[menu]

    def number_grammar(self, language: str, form: NumberForm) -> Grammar:
        """A number of this form, digit by digit in the caller's language, and the way to a person."""
        return replace(self._grammars[NUMBER_GRAMMARS[language]], length=form.longest, form=form.name)

    def yes_no_grammar(self) -> Grammar:
        """Yes and no, in every language."""
        return self._grammars[YES_NO_GRAMMAR]


def spoken(phrases: Mapping[str, tuple[str, ...]]) -> list[str]:
    """The phrases of every language."""
    return [phrase for each in phrases.values() for phrase in each]


def grammar_sources(flow: Flow) -> Mapping[str, GrammarSource]:
    """What may be said at every question of a flow, by the question's name: what its word graph is made from."""
    anywhere = _joined(flow.person_phrases, flow.repeat_phrases)
    sources = {
        name: GrammarSource(_joined(*(choice.phrases for choice in menu.choices), anywhere)) for name, menu in flow.menus.items()
    }
    for language, name in NUMBER_GRAMMARS.items():
        sources[name] = GrammarSource(anywhere, digits=(language,))
    sources[YES_NO_GRAMMAR] = GrammarSource(_joined(YES_PHRASES, NO_PHRASES, flow.person_phrases))
    offered = _joined(YES_PHRASES, NO_PHRASES, OTHER_TIME_PHRASES, flow.person_phrases)
    sources[CALLBACK_OFFER_GRAMMAR] = GrammarSource(offered)
    sources[CALL_TIME_GRAMMAR] = GrammarSource(_joined(*CALL_TIME_PHRASES.values(), flow.person_phrases))
    return sources


def _joined(*each: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    return {
        language: tuple(dict.fromkeys(phrase for phrases in each for phrase in phrases.get(language, ()))) for language in LANGUAGES
    }
