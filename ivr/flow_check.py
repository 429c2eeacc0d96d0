"""What can be wrong with a flow beyond its form: dead ends, two choices on one key, ways that lead nowhere, missing words."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from core.problem import Problem
from ivr.flow import Choice, Flow, MenuText
from ivr.flow_entries_check import entry_problems
from ivr.flow_file import FlowText
from ivr.flow_speech_check import speech_problems
from ivr.flow_version import NO_PHRASES, YES_PHRASES
from ivr.services.service import AFTER_ANSWER, AFTER_TELL, Next, Service
from ivr.spoken import LANGUAGES
from ivr.telling import AGAIN
from ivr.welcome import LANGUAGE_MENU


@dataclass(frozen=True, slots=True)
class Premises:
    """What an installation has that a flow may name: its queues, its schedules of opening hours, what a choice may do.

    `control_number` is the one number that no flow may have, "" for none: there supervisors close the lines.
    """

    queues: Collection[str]
    schedules: Collection[str]
    services: Mapping[str, Service]
    control_number: str = ""


def flow_problems(text: FlowText, there: Premises) -> list[Problem]:
    """Everything wrong with this flow in this installation, in the order of its lines; [] when callers can use it safely."""
    checks = (_references, _words, _keys, _phrases, _unreached, _circles, _missing_menus, _service_menus)
    found = [problem for check in checks for problem in check(text, there)] + [*entry_problems(text), *speech_problems(text)]
    return sorted(found, key=lambda problem: int(problem.place.rsplit(" ", 1)[-1]))


def _choices(text: FlowText) -> Iterator[tuple[str, MenuText, int, Choice]]:
    for name, menu in text.flow.menus.items():
        for index, choice in enumerate(menu.choices):
            yield name, menu, index, choice


def _references(text: FlowText, there: Premises) -> Iterator[Problem]:
    flow, queues, services = text.flow, there.queues, there.services
    known: dict[str, Collection[str]] = {"menu": flow.menus, "queue": queues, "does": services}
    for name, _menu, index, choice in _choices(text):
        for field, names in known.items():
            wanted = getattr(choice, field)
            if wanted and wanted not in names:
                place = text.place("menus", name, "choices", index, field)
                yield Problem(place, f"There is no {_CALLED[field]} {wanted!r}.", f"Use one of: {', '.join(sorted(names))}.")
    for index, entry in enumerate(flow.entries):
        if entry.menu not in flow.menus:
            yield Problem(text.place("entries", index), f"There is no menu {entry.menu!r}.", "Name a menu of this file.")
        if there.control_number and entry.names(there.control_number):
            yield Problem(
                text.place("entries", index, "dialled"), "Callers would dial HALO_CONTROL_NUMBER, the supervisors' number.",
                "Take the number out, or give the supervisors another one.",
            )  # fmt: skip
    if flow.closed and flow.closed not in flow.menus:
        yield Problem(text.place("closed"), f"There is no menu {flow.closed!r}.", "Name a menu of this file.")
    if flow.queue_closed and flow.queue_closed not in flow.menus:
        yield Problem(text.place("queue_closed"), f"There is no menu {flow.queue_closed!r}.", "Name a menu of this file.")
    if flow.closed and not flow.hours:
        yield Problem(text.place("closed"), "Without `hours` the flow never closes.", "Name a schedule in `hours`.")
    if flow.hours and flow.hours not in there.schedules:
        names = ", ".join(sorted(there.schedules))
        yield Problem(text.place("hours"), f"There is no schedule {flow.hours!r}.", f"Use one of: {names}; or add it to the hours.")
    if flow.instead_of_person and flow.instead_of_person not in services:
        place = text.place("instead_of_person")
        yield Problem(place, f"There is no service {flow.instead_of_person!r}.", f"Use one of: {', '.join(sorted(services))}.")
    if flow.entries[-1].dialled or flow.entries[-1].segments:
        yield Problem(
            text.place("entries", len(flow.entries) - 1), "A call that fits no entry has no menu.",
            "Let the last entry be for everybody: without `dialled` and `segments`.",
        )  # fmt: skip
    for part in _BY_QUEUE:
        for queue in getattr(flow, part):
            if queue not in queues:
                yield Problem(text.place(part, queue), f"There is no queue {queue!r}.", f"Use: {', '.join(sorted(queues))}.")


_BY_QUEUE = ("connecting", "closed_words")
_CALLED = {"menu": "menu", "queue": "queue", "does": "service"}


def _words(text: FlowText, _there: Premises) -> Iterator[Problem]:
    for language in LANGUAGES:
        if language not in text.flow.title:
            yield Problem(text.place("title"), f"No title in {language}.", "Add the words.")
    for name, menu in text.flow.menus.items():
        missing = [language for language in LANGUAGES if not menu.ask.get(language)]
        if missing:
            yield Problem(text.place("menus", name, "ask"), f"No question in {', '.join(missing)}.", "Add the sentences.")
        elif len({len(sentences) for sentences in menu.ask.values()}) > 1:
            yield Problem(
                text.place("menus", name, "ask"), "The languages have different numbers of sentences.",
                "Give each try its words in every language.",
            )  # fmt: skip
        for language, sentences in menu.ask.items():
            for index, sentence in enumerate(sentences):
                yield from _spoken_badly(sentence, text.place("menus", name, "ask", language, index))
        for language, sentence in menu.invite.items():
            yield from _spoken_badly(sentence, text.place("menus", name, "invite", language))
        if menu.invite and len(menu.invite) < len(LANGUAGES):
            yield Problem(text.place("menus", name, "invite"), "Not in every language.", "Add the words.")
        if menu.on_silence and menu.choice(menu.on_silence) is None:
            yield Problem(text.place("menus", name, "on_silence"), f"There is no choice {menu.on_silence!r}.", "Name one of these.")
    for name, _menu, index, choice in _choices(text):
        for language in LANGUAGES:
            place = text.place("menus", name, "choices", index)
            if choice.tell is not None and language not in choice.tell:
                yield Problem(place, f"Nothing to tell in {language}.", "Add the words.")
            if choice.phrases and language not in choice.phrases and name != LANGUAGE_MENU:
                yield Problem(place, f"No phrase in {language}.", "Add what callers would say, or take the others away.")
            if choice.say is not None and language not in choice.say:
                yield Problem(place, f"Nothing to say in {language}.", "Add the words.")
        for field in ("tell", "say"):
            for language, sentence in (getattr(choice, field) or {}).items():
                yield from _spoken_badly(sentence, text.place("menus", name, "choices", index, field, language))
    for part in _BY_QUEUE:
        for queue, spoken in getattr(text.flow, part).items():
            for language in LANGUAGES:
                if language not in spoken:
                    yield Problem(text.place(part, queue), f"No words in {language}.", "Add them.")
            for language, sentence in spoken.items():
                yield from _spoken_badly(sentence, text.place(part, queue, language))
    for language in LANGUAGES:
        if not text.flow.person_phrases.get(language):
            yield Problem(text.place("person_phrases"), f"No word for a person in {language}.", "Add one, such as operator.")


def _spoken_badly(sentence: str, place: str) -> Iterator[Problem]:
    for sign in "{}<>|":
        if sign in sentence:
            yield Problem(place, f"The sign {sign} can't be spoken.", "Write the words out.")


def _keys(text: FlowText, _there: Premises) -> Iterator[Problem]:
    for name, menu in text.flow.menus.items():
        names = Counter(choice.name for choice in menu.choices)
        keys = Counter(choice.key for choice in menu.choices if choice.key)
        for index, choice in enumerate(menu.choices):
            place = text.place("menus", name, "choices", index)
            if choice.key and keys[choice.key] > 1:
                yield Problem(place, f"Two choices on key {choice.key}.", "Give each a key of its own.")
            if names[choice.name] > 1:
                yield Problem(place, f"Two choices are called {choice.name!r}.", "Give each a name of its own.")


def _phrases(text: FlowText, _there: Premises) -> Iterator[Problem]:
    anywhere = set(text.flow.universal_phrases)
    for name, menu in text.flow.menus.items():
        owner: dict[str, str] = {}
        for index, choice in enumerate(menu.choices):
            for phrase in choice.all_phrases():
                place = text.place("menus", name, "choices", index, "phrases")
                if phrase in anywhere:
                    yield Problem(place, f"{phrase!r} asks for a person or a repeat everywhere.", "Take another phrase.")
                if owner.setdefault(phrase, choice.name) != choice.name:
                    yield Problem(place, f"{phrase!r} chooses {owner[phrase]!r} too.", "Take another phrase.")
    for phrase in anywhere & {word for words in (*YES_PHRASES.values(), *NO_PHRASES.values()) for word in words}:
        yield Problem(text.place("person_phrases"), f"{phrase!r} is a yes or a no.", "Take another phrase.")


def _unreached(text: FlowText, there: Premises) -> Iterator[Problem]:
    flow = text.flow
    reached: set[str] = {LANGUAGE_MENU}
    waiting = [*(entry.menu for entry in flow.entries), *filter(None, (flow.closed, flow.queue_closed))]
    services = there.services
    instead = services.get(flow.instead_of_person or "")
    waiting += instead.menus if instead else ()
    while waiting:
        name = waiting.pop()
        if name in reached or name not in flow.menus:
            continue
        reached.add(name)
        for choice in flow.menus[name].choices:
            waiting += [choice.menu] if choice.menu else []
            waiting += [AFTER_TELL] if choice.tell else []
            waiting += _menus_of(choice, services)
            if not choice.leads_on and not _is_of_service(name, services) and not _goes_on(flow, name, choice):
                index = flow.menus[name].choices.index(choice)
                place = text.place("menus", name, "choices", index)
                yield Problem(place, f"{choice.name!r} leads nowhere.", "Add `menu`, `queue`, `does` or `tell`.")
    for name in flow.menus:
        if name not in reached:
            yield Problem(text.place("menus", name), f"No way leads to the menu {name!r}.", "Lead to it, or take it out.")


def _circles(text: FlowText, there: Premises) -> Iterator[Problem]:
    """Menus from which callers only ever come to other menus: without key 0 they would go round for ever."""
    menus = text.flow.menus
    helping = {name for name, menu in menus.items() if not all(choice.menu in menus for choice in menu.choices)}
    while more := {
        name for name, menu in menus.items() if name not in helping and any(choice.menu in helping for choice in menu.choices)
    }:
        helping |= more
    for name in menus:
        if name not in helping:
            place = text.place("menus", name)
            yield Problem(
                place, f"From the menu {name!r} callers only come to menus.", "Let a choice `tell`, or lead to a `queue`."
            )


def _menus_of(choice: Choice, services: Mapping[str, Service]) -> Collection[str]:
    service = services.get(choice.does or "")
    return service.menus if service else ()


def _goes_on(flow: Flow, menu: str, choice: Choice) -> bool:
    """Whether a choice at a closed queue goes on by its name."""
    return menu == flow.queue_closed and choice.name in {step.value for step in Next}


def _is_of_service(menu: str, services: Mapping[str, Service]) -> bool:
    return menu == AFTER_TELL or any(menu in service.menus for service in services.values())


def _missing_menus(text: FlowText, there: Premises) -> Iterator[Problem]:
    services = there.services
    wanted: dict[str, str] = {LANGUAGE_MENU: "every flow, to ask for the language"}
    for name, _menu, index, choice in _choices(text):
        if choice.tell:
            wanted[AFTER_TELL] = "what is told"
        for menu in _menus_of(choice, services):
            wanted[menu] = f"the service {choice.does} (line {text.place('menus', name, 'choices', index).rsplit(' ', 1)[-1]})"
    instead = services.get(text.flow.instead_of_person or "")
    for menu in instead.menus if instead else ():
        wanted.setdefault(menu, f"the service {text.flow.instead_of_person}, which callers have instead of a person")
    for menu, who in wanted.items():
        if menu not in text.flow.menus:
            yield Problem(text.place("menus"), f"There is no menu {menu!r}, needed by {who}.", "Add it; the shipped flow has one.")


def _service_menus(text: FlowText, there: Premises) -> Iterator[Problem]:
    menus_of_services = (pair for service in there.services.values() for pair in service.menus.items())
    understood: dict[str, frozenset[str]] = dict(menus_of_services)
    understood |= {AFTER_TELL: AFTER_ANSWER, LANGUAGE_MENU: frozenset(LANGUAGES)}
    for name, _menu, index, choice in _choices(text):
        if name in understood and choice.name not in understood[name] and not choice.leads_on:
            place = text.place("menus", name, "choices", index)
            names = ", ".join(sorted(understood[name]))
            yield Problem(place, f"Who asks this menu does not know the choice {choice.name!r}.", f"Use: {names}.")
        if choice.leads_on and choice.name in understood.get(name, ()):
            place = text.place("menus", name, "choices", index)
            yield Problem(place, f"Who asks this menu decides itself where {choice.name!r} leads.", "Give it another name.")
        if choice.leads_on and name in understood and AGAIN not in understood[name]:
            place = text.place("menus", name, "choices", index)
            yield Problem(place, "This question wants an answer; it is no place to lead on from.", "Take the choice out.")
