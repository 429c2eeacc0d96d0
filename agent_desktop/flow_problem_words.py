"""What is wrong with a flow, in the reader's language: what the check says in English is known here with its fields."""

import re
from functools import cache

from flask_babel import gettext

from agent_desktop.texts import _marked
from agent_desktop.yaml_reason_words import YAML_REASONS
from core.problem import Problem

_SAID = (
    _marked("There is no menu %(menu)s, needed by %(who)s."),
    _marked("There is no menu %(name)s."),
    _marked("There is no queue %(name)s."),
    _marked("There is no service %(name)s."),
    _marked("There is no schedule %(name)s."),
    _marked("There is no choice %(name)s."),
    _marked("Callers would dial HALO_CONTROL_NUMBER, the supervisors' number."),
    _marked("Without `hours` the flow never closes."),
    _marked("A call that fits no entry has no menu."),
    _marked("No question in %(languages)s."),
    _marked("The languages have different numbers of sentences."),
    _marked("Not in every language."),
    _marked("Nothing to tell in %(language)s."),
    _marked("No phrase in %(language)s."),
    _marked("Nothing to say in %(language)s."),
    _marked("No words in %(language)s."),
    _marked("No word for a person in %(language)s."),
    _marked("The sign %(sign)s can't be spoken."),
    _marked("Two choices on key %(key)s."),
    _marked("Two choices are called %(name)s."),
    _marked("%(phrase)s asks for a person or a repeat everywhere."),
    _marked("%(phrase)s chooses %(choice)s too."),
    _marked("%(phrase)s is a yes or a no."),
    _marked("%(choice)s leads nowhere."),
    _marked("No way leads to the menu %(menu)s."),
    _marked("Who asks this menu does not know the choice %(choice)s."),
    _marked("Who asks this menu decides itself where %(choice)s leads."),
    _marked("This question wants an answer; it is no place to lead on from."),
    _marked("%(phrase)s (%(choice)s) and %(other_phrase)s (%(other)s) sound alike."),
    _marked("The word %(word)s (%(language)s) can't be said: %(why)s."),
    _marked("This menu has %(count)s phrases, more than %(most)s."),
    _marked("This flow is called %(name)s, but %(wanted)s is edited here."),
    _marked("There is a sign here that no text may hold."),
    _marked("%(key)s stands here twice, first in line %(line)s."),
    _marked("A reference (*name) is not allowed."),
    _marked("This can't be read as YAML: %(why)s."),
    _marked("%(part)s is missing."),
    _marked("%(part)s is not known here."),
    _marked("%(part)s is too long."),
    _marked("%(part)s is empty."),
    _marked("%(part)s is too small."),
    _marked("%(part)s is too large."),
    _marked("%(part)s does not have the right form."),
    _marked("%(part)s: this choice leads two ways."),
    _marked("%(part)s: nobody can choose it."),
    _marked("%(part)s: `say` goes with `only_if`."),
    _marked("%(part)s: a key is one of 1 to 9 or *."),
    _marked("%(part)s: a phrase has 2 to 60 letters, spaces, ' or -; no digits."),
    _marked("%(part)s: a name is made of small letters, digits and _, and begins with a letter."),
    _marked("%(part)s: a language is id or en."),
)
_STEPS = (
    _marked("Use one of: %(names)s."),
    _marked("Use one of: %(names)s; or add it to the hours."),
    _marked("Use: %(names)s."),
    _marked("Name a menu of this file."),
    _marked("Take the number out, or give the supervisors another one."),
    _marked("Name a schedule in `hours`."),
    _marked("Let the last entry be for everybody: without `dialled` and `segments`."),
    _marked("Add the sentences."),
    _marked("Give each try its words in every language."),
    _marked("Add the words."),
    _marked("Add them."),
    _marked("Name one of these."),
    _marked("Add what callers would say, or take the others away."),
    _marked("Add one, such as operator."),
    _marked("Write the words out."),
    _marked("Give each a key of its own."),
    _marked("Give each a name of its own."),
    _marked("Take another phrase."),
    _marked("Add `menu`, `queue`, `does` or `tell`."),
    _marked("Lead to it, or take it out."),
    _marked("Add it; the shipped flow has one."),
    _marked("Give it another name."),
    _marked("Take the choice out."),
    _marked("Callers may be taken for saying the other: use different words for one of them."),
    _marked("Write it as it is spoken, or leave it out."),
    _marked("Take some out, or make two menus of it."),
    _marked("Write its own name after `flow:`."),
    _marked("Take it out, or type the line again."),
    _marked("Shorten it."),
    _marked("Keep one of the two."),
    _marked("Look at indentation, colons, quotes and brackets, here and just above."),
    _marked("Add it."),
    _marked("Correct its spelling, or take it out."),
    _marked("A sentence has at most 600 characters: divide it."),
    _marked("Write the words."),
    _marked("Write at least one."),
    _marked("Use 1 to 30 seconds."),
    _marked("Compare it with another one in this file."),
    _marked("Keep one of `does`, `menu`, `queue` and `tell`."),
    _marked("Give it a key or phrases."),
    _marked("Write the words into the question instead."),
    _marked("0 is always a person."),
    _marked("Write it as it is spoken."),
    _marked("Write it so; reports show it."),
    _marked("Use one of the two."),
)
_REASONS = (
    _marked("every flow, to ask for the language"),
    _marked("what is told"),
    _marked("the service %(name)s (line %(line)s)"),
    _marked("the service %(name)s, which callers have instead of a person"),
    _marked("digits have many names: write them as words"),
    _marked("only the letters a to z can be said"),
    _marked("a word has at most %(most)s letters"),
    _marked("it has no vowel and is too long to be spelt"),
    _marked("its spelling can't be read"),
    *YAML_REASONS,
)


def what_is_wrong(problem: Problem) -> str:
    """What is wrong, translated."""
    return _translated(problem.message, _SAID)


def what_to_do(problem: Problem) -> str:
    """The next step, translated."""
    return _translated(problem.next_step, _STEPS)


def is_known(problem: Problem) -> bool:
    """Whether there are words for all of it; a test asks this of everything that the check can say."""
    return any(_pattern(one).fullmatch(problem.message) for one in _SAID) and any(
        _pattern(one).fullmatch(problem.next_step) for one in _STEPS
    )


def is_known_reason(why: str) -> bool:
    """Whether there are words for why a text can't be read; a test asks this of all that the YAML library can say."""
    return any(_pattern(one).fullmatch(why) for one in _REASONS)


def _translated(english: str, known: tuple[str, ...]) -> str:
    for text in known:
        found = _pattern(text).fullmatch(english)
        if found:
            fields = {
                name: _translated(value, _REASONS) if name in ("why", "who") else value for name, value in found.groupdict().items()
            }
            return str(gettext(text, **fields))
    return english


@cache
def _pattern(text: str) -> re.Pattern[str]:
    """What the check says of this kind, its fields as groups."""
    parts = re.split(r"%\((\w+)\)s", text)
    written = "".join(re.escape(part) if number % 2 == 0 else f"(?P<{part}>.+?)" for number, part in enumerate(parts))
    return re.compile(written, re.DOTALL)
