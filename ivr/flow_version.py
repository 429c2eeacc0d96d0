"""One published version of a flow: what a running call keeps to its end, whatever is published meanwhile."""

from dataclasses import dataclass

from ivr.flow import Flow, MenuText
from ivr.line import Grammar

NUMBER_GRAMMAR = "spoken_number"
YES_NO_GRAMMAR = "yes_no"
YES_PHRASES = {"id": ("ya", "betul", "benar"), "en": ("yes", "correct", "right")}
NO_PHRASES = {"id": ("tidak", "bukan", "salah"), "en": ("no", "wrong")}


@dataclass(frozen=True, slots=True)
class FlowVersion:
    """`number` counts from 1 (0: not published, as in a check). `speech_set` names its word graph; "" when nobody listens."""

    flow: Flow
    number: int = 0
    speech_set: str = ""

    def menu(self, name: str) -> MenuText:
        """The menu of this name. Raises KeyError, which the check of the flow rules out."""
        return self.flow.menus[name]

    def grammar(self, menu: str) -> Grammar:
        """What may be said at this menu."""
        own = (phrase for choice in self.flow.menus[menu].choices for phrase in choice.all_phrases())
        phrases = tuple(dict.fromkeys((*own, *self.flow.universal_phrases)))
        return Grammar(menu, self.speech_set, phrases)

    def number_grammar(self) -> Grammar:
        """Digits one by one, and the way to a person."""
        return Grammar(NUMBER_GRAMMAR, self.speech_set, self.flow.universal_phrases, digits=True)

    def yes_no_grammar(self) -> Grammar:
        """Yes and no, in every language."""
        words = (phrase for phrases in (*YES_PHRASES.values(), *NO_PHRASES.values()) for phrase in phrases)
        return Grammar(YES_NO_GRAMMAR, self.speech_set, tuple(words))

    def grammars(self) -> tuple[Grammar, ...]:
        """Every grammar of this version, for its speech set."""
        return (*(self.grammar(menu) for menu in self.flow.menus), self.number_grammar(), self.yes_no_grammar())
