"""What is wrong with a policy, in the reader's language: what the check says in English is known here with its fields."""

from agent_desktop.form_problem_words import SAID_OF_FORMS, STEPS_OF_FORMS
from agent_desktop.phrase_book import PhraseBook
from agent_desktop.site_problem_words import SAID_OF_SITES, STEPS_OF_SITES
from agent_desktop.texts import _marked
from agent_desktop.yaml_reason_words import YAML_REASONS

_SAID = (
    _marked("The policy has more than %(most)s letters."),
    _marked("There is no queue %(name)s, but %(who)s leads to it."),
    _marked("There is no queue."),
    _marked("There is no queue %(name)s."),
    _marked("There are two queues %(name)s."),
    _marked("There is no reason %(name)s."),
    _marked("There are more than %(most)s partitions."),
    _marked("The queue %(name)s can't add its own agents."),
    _marked("The agents of %(name)s help before that."),
    _marked("A language has no other queue."),
    _marked("The skill %(skill)s is not asked for here."),
    _marked("The skill %(skill)s is dropped and lowered in one ring."),
    _marked("The skill %(skill)s is not asked for at more than %(least)s here."),
    _marked("No agent can serve the callers of %(name)s in their first %(seconds)s seconds."),
    _marked("No agent can serve the callers of %(name)s."),
    _marked("%(part)s: this is no need."),
    _marked("%(part)s: `at_least` belongs to a `skill`."),
    _marked("%(part)s: `some_of` goes with a `count`."),
    _marked("%(part)s: this ring changes nothing."),
    _marked("%(part)s: one thing makes a queue overflow."),
    _marked("%(part)s: nothing is done then."),
    _marked("%(part)s: its rings are not in the order of `after_s`."),
    _marked("%(part)s: a free wrap-up has no time."),
    _marked("%(part)s: `extend_s` and `at_most_s` go with mode: extendable."),
    _marked("%(part)s: `at_most_s` is no longer than `for_s`."),
    _marked("%(part)s: a name is made of small letters, digits, _ and -, and begins with a letter."),
    _marked("%(part)s has too few parts."),
    *SAID_OF_SITES,
    *SAID_OF_FORMS,
)
_STEPS = (
    _marked("Keep it, or change %(who)s first."),
    _marked("Write at least one under `queues`."),
    _marked("Write it so: %(example)s"),
    _marked("Give each a name of its own."),
    _marked("Name another queue."),
    _marked("Name another queue, or take it out."),
    _marked("Put queues together in one, or leave it out."),
    _marked("Write `also` in the rings of a queue."),
    _marked("Take it out of `drop`."),
    _marked("Lower it further, or take it out."),
    _marked("Give agents these skills, or ask for less."),
    _marked("Write one of `skill`, `all_of`, `any_of` and `some_of`."),
    _marked("For some of several, write `some_of` and `count`."),
    _marked("Write `count`: from 1 to as many as there are parts."),
    _marked("Add `drop`, `lower` or `also`, or take it out."),
    _marked("Write `waiting`, `expected_wait_s`, `unstaffed: true` or `closes_within_s`."),
    _marked("Add `also` or `offer_callback: true`."),
    _marked("Let each begin later than the one before."),
    _marked("Take `for_s` out, or write mode: fixed."),
    _marked("Write that mode, or take them out."),
    _marked("Use a larger `at_most_s`."),
    _marked("Use at most 60 letters."),
    _marked("Write %(limit)s or more."),
    _marked("Shorten it."),
    *STEPS_OF_SITES,
    *STEPS_OF_FORMS,
)
_REASONS = (_marked("the flow %(name)s"), *YAML_REASONS)

_BOOK = PhraseBook(_SAID, _STEPS, _REASONS)

what_is_wrong, what_to_do = _BOOK.what_is_wrong, _BOOK.what_to_do
is_known, is_known_reason = _BOOK.is_known, _BOOK.is_known_reason
