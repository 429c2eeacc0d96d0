"""What is wrong with rules of rosters, in the reader's language: what reading them says in English is known here."""

from agent_desktop.form_problem_words import SAID_OF_FORMS, STEPS_OF_FORMS
from agent_desktop.phrase_book import PhraseBook
from agent_desktop.texts import _marked
from agent_desktop.yaml_reason_words import YAML_REASONS

_SAID = (
    _marked("%(part)s: this is no time of the day."),
    _marked("%(part)s: this is no window."),
    _marked("%(part)s: `until` comes before `from`."),
    _marked("%(part)s: the windows of two breaks overlap."),
    _marked("%(part)s: a break may end after the shift."),
    _marked("%(part)s: a name is made of small letters, digits, _ and -, and begins with a letter."),
    _marked("There are two patterns %(name)s."),
    _marked("There is no pattern %(name)s."),
    _marked("%(name)s can have %(hours)s hours on end, more than the %(most)s of rest_in_shift."),
    *SAID_OF_FORMS,
)
_STEPS = (
    _marked("Write it like 08:30."),
    _marked("Write `after_min: [first, last]` in minutes after the start, `last` some `every_min` after `first`."),
    _marked("A shift may run into the next day, its start may not."),
    _marked("Let each begin when the one before is over."),
    _marked("Let it begin earlier."),
    _marked("Write it so."),
    _marked("Give each a name of its own."),
    _marked("Use some of: %(names)s."),
    _marked("Narrow the windows of its breaks, or add one of %(minutes)s minutes or more."),
    *STEPS_OF_FORMS,
)

_BOOK = PhraseBook(_SAID, _STEPS, YAML_REASONS)

what_is_wrong, what_to_do, is_known = _BOOK.what_is_wrong, _BOOK.what_to_do, _BOOK.is_known
