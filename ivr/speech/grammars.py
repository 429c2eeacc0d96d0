"""What may be said at each question, as it is written by the people who design a menu."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from core.errors import BadInput
from ivr.hearing import DOUBLE_WORDS
from ivr.speech.pronunciation import DIGITS, YES_NO, Lexicon, lexicon_of, phrase_words
from ivr.spoken import LANGUAGES

MOST_WORDS = 5000


@dataclass(frozen=True, slots=True)
class GrammarSource:
    """The phrases of one question by language ("id", "en"). `digits` are the languages in which strings of
    spoken digits are understood too: of one language alone they are heard far better than of two."""

    phrases: Mapping[str, Sequence[str]]
    digits: tuple[str, ...] = ()

    def all_phrases(self) -> list[str]:
        """The phrases of all languages as the recogniser writes them, each once."""
        written = (" ".join(phrase_words(phrase)) for language in LANGUAGES for phrase in self.phrases.get(language, ()))
        return list(dict.fromkeys(phrase for phrase in written if phrase))


def lexicon_for(grammars: Mapping[str, GrammarSource]) -> Lexicon:
    """Every word of these grammars, and always the digits, yes and no of both languages."""
    return lexicon_of(_phrases_of(grammars))


def check_sayable(grammars: Mapping[str, GrammarSource]) -> Lexicon:
    """The lexicon of grammars that can be compiled. Raises BadInput naming every word that can't be said, and why."""
    lexicon = lexicon_for(grammars)
    if lexicon.unsayable:
        wrong = "; ".join(f"{each.word!r} ({each.language}): {each.reason}" for each in lexicon.unsayable)
        raise BadInput(
            f"These words of spoken phrases can't be said: {wrong}.", "Write them as they are spoken, or leave them out."
        )
    if len(lexicon.words) > MOST_WORDS:
        raise BadInput(f"The spoken phrases use {len(lexicon.words)} words; {MOST_WORDS} are the most.", "Leave some phrases out.")
    return lexicon


def _phrases_of(grammars: Mapping[str, GrammarSource]) -> Iterator[tuple[str, str]]:
    for language in LANGUAGES:
        for word in (*DIGITS[language], *DOUBLE_WORDS[language], *YES_NO[language]):
            yield word, language
    for name, grammar in sorted(grammars.items()):
        for language, phrases in sorted(grammar.phrases.items()):
            if language not in LANGUAGES:
                raise BadInput(f"Grammar {name} has phrases in {language!r}.", f"The languages are {', '.join(LANGUAGES)}.")
            for phrase in phrases:
                if not phrase_words(phrase):
                    raise BadInput(f"Grammar {name} has a phrase without words in {language!r}.", "Write words, or leave it out.")
                yield phrase, language
