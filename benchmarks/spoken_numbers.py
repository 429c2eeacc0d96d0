"""The numbers that are said in the benchmark of spoken numbers: right ones of each form, and what no number of it is."""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from benchmarks.recorded_voice import NAME as HUMAN
from benchmarks.recorded_voice import is_installed, sentences
from benchmarks.spoken_tests import Speaker
from crm.customer_numbers import customer_number
from crm.numbering_plan import numbering_plan
from crm.order_numbers import order_number
from crm.phone_numbers import HOME_COUNTRY
from ivr.hearing import KEY_OF_WORD
from ivr.number_form import CUSTOMER_OR_ORDER, ORDER_NUMBER, PHONE_NUMBER, POSTCODE, NumberForm
from ivr.speech.pronunciation import DIGITS
from ivr.speech.training.corpus import Samples
from ivr.speech.training.phrases import OUT_OF_GRAMMAR

OF_EACH_FORM = 10
_WRONG_OF_EACH = 5
_SENTENCES = 10
MISREAD, LOST, ADDED, SENTENCE = "one digit wrong", "one digit lost", "one digit too many", "other speech"


@dataclass(frozen=True, slots=True)
class SaidNumber:
    """One thing that a voice said to the question for a number of `form`: `digits`, or speech; `wrong` is why it is none."""

    language: str
    voice: str
    form: NumberForm
    digits: str
    samples: Samples
    wrong: str = ""


def _phone(chance: random.Random) -> str:
    """A mobile number that there can be."""
    plan = numbering_plan(HOME_COUNTRY)
    assert plan is not None
    while True:
        number = "08" + "".join(chance.choices("0123456789", k=chance.randint(8, 10)))
        if plan.has(number):
            return number


_MAKE: Mapping[str, tuple[NumberForm, Callable[[random.Random], str]]] = {
    "order number": (ORDER_NUMBER, lambda chance: order_number(chance.randint(1_000_000, 9_999_999))),
    "customer number": (CUSTOMER_OR_ORDER, lambda chance: customer_number(chance.randint(100_000, 999_999))),
    "postcode": (POSTCODE, lambda chance: f"{chance.randint(0, 99_999):05d}"),
    "telephone number": (PHONE_NUMBER, _phone),
}
KINDS = tuple(_MAKE)
KIND_OF_FORM = {form.name: kind for kind, (form, _) in _MAKE.items()}


def say_numbers(language: str, voices: Sequence[Speaker], seed: int) -> Iterator[SaidNumber]:
    """Everything by every voice; every voice says numbers of its own. What a voice can't say is left out."""
    for voice in voices:
        chance = random.Random(f"{seed} {language} {voice.name} numbers")
        for form, make in _MAKE.values():
            for _ in range(OF_EACH_FORM):
                yield from _said(language, voice, form, make(chance), chance)
        for _ in range(_WRONG_OF_EACH):
            for wrong, digits in _wrong(order_number(chance.randint(1_000_000, 9_999_999)), chance).items():
                yield from _said(language, voice, ORDER_NUMBER, digits, chance, wrong)
        for text in chance.sample(OUT_OF_GRAMMAR[language], _SENTENCES):
            samples = voice.speak(text.split(), chance)
            if len(samples):
                yield SaidNumber(language, voice.name, ORDER_NUMBER, "", samples, SENTENCE)
    if language == "en" and is_installed():
        for _, samples in sentences():
            yield SaidNumber("en", HUMAN, ORDER_NUMBER, "", samples, SENTENCE)


def _wrong(number: str, chance: random.Random) -> dict[str, str]:
    place = chance.randrange(1, len(number))
    other = chance.choice([digit for digit in "0123456789" if digit != number[place]])
    return {
        MISREAD: number[:place] + other + number[place + 1 :],
        LOST: number[:place] + number[place + 1 :],
        ADDED: number[:place] + other + number[place:],
    }


def _said(
    language: str, voice: Speaker, form: NumberForm, digits: str, chance: random.Random, wrong: str = ""
) -> Iterator[SaidNumber]:
    ways = {digit: [word for word in DIGITS[language] if KEY_OF_WORD[word] == digit] for digit in "0123456789"}
    samples = voice.speak([chance.choice(ways[digit]) for digit in digits], chance)
    if len(samples):
        yield SaidNumber(language, voice.name, form, digits, samples, wrong)
