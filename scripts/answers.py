"""Answers as people give them: read into one form that is kept, and said again in words."""

import re
import unicodedata
from collections.abc import Iterator
from datetime import date, timedelta
from enum import StrEnum

from babel.dates import format_date
from babel.numbers import format_decimal

from scripts.facts import Kind, Value
from scripts.model import LONGEST_TEXT, Question, QuestionType, ScriptPage

ON, YES, NO = "next", "yes", "no"
"""The answer of a page that asks nothing, and the two of a question of yes or no."""
_USUAL_TEXT = 200
_MOST_DIGITS = 15
_AMOUNT = re.compile(r"(?:Rp\.?)?\s*(-?\d{1,3}(?:[.,]\d{3})+|-?\d+)(?:,-)?", re.IGNORECASE | re.ASCII)
_NUMBER = re.compile(r"-?\d+", re.ASCII)
_YES_NO_WORDS = {YES: ("Ya", "Yes"), NO: ("Tidak", "No")}
_KINDS = {
    QuestionType.YES_NO: Kind.YES_NO, QuestionType.NUMBER: Kind.NUMBER, QuestionType.AMOUNT: Kind.AMOUNT,
    QuestionType.DATE: Kind.DATE, QuestionType.TEXT: Kind.TEXT,
}  # fmt: skip


class Unfit(StrEnum):
    """Why an answer is none."""

    MISSING = "answer_missing"
    NO_NUMBER = "answer_no_number"
    NO_DATE = "answer_no_date"
    OUT_OF_BOUNDS = "answer_out_of_bounds"
    TOO_LONG = "answer_too_long"
    NOT_HERE = "answer_not_here"


def read_answer(page: ScriptPage, text: str, today: date) -> str | Unfit:
    """The answer in the form that is kept: a choice's name, yes or no, digits, an ISO date, or a text; "" for an empty one."""
    question = page.ask
    if question is None or question.type is QuestionType.YES_NO:
        return text if text in given_answers(page) else Unfit.NOT_HERE
    text = _clean(text)
    if not text:
        return "" if question.may_be_empty else Unfit.MISSING
    match question.type:
        case QuestionType.TEXT:
            return text if len(text) <= longest(question) else Unfit.TOO_LONG
        case QuestionType.DATE:
            return _read_date(question, text, today)
    return _read_number(question, text)


def given_answers(page: ScriptPage) -> tuple[str, ...]:
    """The names that may be answered on a page where nothing is typed in."""
    if page.ask is not None:
        return (YES, NO) if page.ask.type is QuestionType.YES_NO else ()
    return tuple(answer.name for answer in page.answers) or ((ON,) if page.next else ())


def asks(page: ScriptPage) -> bool:
    """Whether something is answered here that may be spoken of later."""
    return page.ask is not None or bool(page.answers)


def kind_of(page: ScriptPage) -> tuple[Kind, tuple[str, ...]]:
    """What the answer of a page that asks is, and which words it can be (() for any)."""
    if page.ask is None:
        return Kind.WORD, tuple(answer.name for answer in page.answers)
    return _KINDS[page.ask.type], ()


def value_of(page: ScriptPage, answer: str, today: date) -> Value | None:
    """A kept answer as conditions compare it: a date is its days from today. None for a text and for an empty one."""
    kind, _choices = kind_of(page)
    match kind:
        case Kind.YES_NO:
            return answer == YES
        case Kind.NUMBER | Kind.AMOUNT:
            return int(answer) if _is_kept_number(answer) else None
        case Kind.DATE:
            day = _day(answer)
            return (day - today).days if day else None
        case Kind.WORD:
            return answer
    return None


def in_words(page: ScriptPage, answer: str, language: str) -> str:
    """A kept answer as people of the language say it; "" for an empty one."""
    kind, _choices = kind_of(page)
    match kind:
        case Kind.WORD:
            label = next((each.label for each in page.answers if each.name == answer), None)
            return label.in_language(language) if label else ""
        case Kind.YES_NO:
            return _YES_NO_WORDS.get(answer, ("", ""))[language != "id"]
        case Kind.DATE:
            day = _day(answer)
            return format_date(day, "d MMMM y", locale=_locale(language)) if day else ""
        case Kind.NUMBER | Kind.AMOUNT if _is_kept_number(answer):
            number = format_decimal(int(answer), locale=_locale(language))
            return f"Rp {number}" if kind is Kind.AMOUNT else str(number)
    return answer


def bounds(question: Question, today: date) -> tuple[str, str]:
    """The bounds as the field of a page takes them: digits, or ISO dates; "" for none."""
    both = (question.at_least, question.at_most)
    if question.type is QuestionType.DATE:
        low, high = (_day_from(today, days) for days in both)
        return (low.isoformat() if low else "", high.isoformat() if high else "")
    low_text, high_text = ("" if limit is None else str(limit) for limit in both)
    return low_text, high_text


def longest(question: Question) -> int:
    """The most letters of a text."""
    return min(question.at_most or _USUAL_TEXT, LONGEST_TEXT)


def yes_no_words(language: str) -> Iterator[tuple[str, str]]:
    """Yes and no: the names, and the words of the language."""
    for name, words in _YES_NO_WORDS.items():
        yield name, words[language != "id"]


def _read_number(question: Question, text: str) -> str | Unfit:
    pattern = _AMOUNT if question.type is QuestionType.AMOUNT else _NUMBER
    found = pattern.fullmatch(text)
    digits = re.sub(r"[.,]", "", found.group(found.lastindex or 0)) if found else ""
    if not found or len(digits) > _MOST_DIGITS:
        return Unfit.NO_NUMBER
    number = int(digits)
    low = 0 if question.at_least is None and question.type is QuestionType.AMOUNT else question.at_least
    return str(number) if _within(number, low, question.at_most) else Unfit.OUT_OF_BOUNDS


def _read_date(question: Question, text: str, today: date) -> str | Unfit:
    day = _day(text)
    if day is None:
        return Unfit.NO_DATE
    return day.isoformat() if _within((day - today).days, question.at_least, question.at_most) else Unfit.OUT_OF_BOUNDS


def _within(number: int, low: int | None, high: int | None) -> bool:
    return (low is None or number >= low) and (high is None or number <= high)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _day_from(today: date, days: int | None) -> date | None:
    try:
        return None if days is None else today + timedelta(days=days)
    except OverflowError:
        return None


def _is_kept_number(answer: str) -> bool:
    return _NUMBER.fullmatch(answer) is not None and len(answer) <= _MOST_DIGITS + 1


def _clean(text: str) -> str:
    """One line without signs that are none."""
    return " ".join("".join(sign if unicodedata.category(sign)[0] != "C" else " " for sign in text).split())


def _locale(language: str) -> str:
    return "id" if language == "id" else "en"
