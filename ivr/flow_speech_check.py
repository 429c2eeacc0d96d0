"""What can be wrong with the phrases of a flow for the ear: words that nobody can pronounce, phrases that sound alike."""

from collections.abc import Iterator

from core.problem import Problem
from ivr.flow import Phrases
from ivr.flow_file import FlowText
from ivr.flow_form import crowded_menus
from ivr.speech.pronunciation import lexicon_of
from ivr.speech.sound_alikes import sound_alikes


def speech_problems(text: FlowText) -> Iterator[Problem]:
    """Words that can't be said keep a flow from being published; phrases that sound alike are only pointed out."""
    flow = text.flow
    crowded = list(crowded_menus(flow, text.lines, text.source))
    if crowded:
        yield from crowded  # comparing each with each would take for ever
        return
    yield from _unsayable(text, flow.person_phrases, "person_phrases")
    yield from _unsayable(text, flow.repeat_phrases, "repeat_phrases")
    for name, menu in flow.menus.items():
        for index, choice in enumerate(menu.choices):
            yield from _unsayable(text, choice.phrases, "menus", name, "choices", index, "phrases")
        options = {choice.name: choice.phrases for choice in menu.choices if choice.phrases}
        options |= {"(person)": flow.person_phrases, "(repeat)": flow.repeat_phrases}
        places = {choice.name: index for index, choice in enumerate(menu.choices)}
        for pair in sound_alikes(options):
            option = pair.option if pair.option in places else pair.other_option
            if option not in places:
                continue  # the words for a person and for a repeat, in every menu alike
            place = text.place("menus", name, "choices", places[option], "phrases")
            yield Problem(
                place, f"{pair.phrase!r} ({pair.option}) and {pair.other_phrase!r} ({pair.other_option}) sound alike.",
                "Callers may be taken for saying the other: use different words for one of them.", serious=False,
            )  # fmt: skip


def _unsayable(text: FlowText, phrases: Phrases, *path: str | int) -> Iterator[Problem]:
    spoken = [(phrase, language) for language, each in phrases.items() for phrase in each]
    for word in lexicon_of(spoken).unsayable:
        yield Problem(
            text.place(*path), f"The word {word.word!r} ({word.language}) can't be said: {word.reason}.",
            "Write it as it is spoken, or leave it out.",
        )  # fmt: skip
