"""One wait as a page shows it: sentences first, then the picture of what the agents did meanwhile."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

from agent_desktop.code_words import state_kind, state_words
from agent_desktop.flow_names import queue_name
from agent_desktop.formats import clock_text, percent
from agent_desktop.needs_words import needs_words
from agent_desktop.overflow_words import overflow_words
from agent_desktop.site_words import elsewhere_sentence, sites_sentence, whereabouts_sentence, why_site_sentence
from agent_desktop.texts import _, ngettext
from core.events import EventKind
from routing.agent_state import AgentState
from routing.asked_first import AskedAs, AskedFirst
from routing.expectations import Cause
from routing.wait_story import Before, How, Track, WaitStory

_MOST_ROWS = 40
_MOST_TURNS = 8
_WIDE = 1000.0
_SHOWN = (AgentState.TALKING, AgentState.RINGING, AgentState.WRAP_UP, AgentState.NOT_READY, AgentState.READY)


@dataclass(frozen=True, slots=True)
class Bar:
    """A piece of a row of the picture, from `x` on, `width` wide, of 1000; `kind` colours it."""

    x: float
    width: float
    kind: str
    title: str


@dataclass(frozen=True, slots=True)
class Row:
    """An agent in the picture. `able`: from where to where they could serve the caller. `chosen`: they got them."""

    name: str
    able: tuple[tuple[float, float], ...]
    bars: tuple[Bar, ...]
    chosen: bool


@dataclass(frozen=True, slots=True)
class WaitView:
    """`headline` and `reasons` are sentences; `marks` where rings begin, of 1000; `more` agents have no row."""

    headline: str
    reasons: tuple[str, ...]
    rows: tuple[Row, ...]
    marks: tuple[tuple[float, str], ...]
    more: int


def wait_view(story: WaitStory, names: Mapping[str, str]) -> WaitView:
    """The view of a story; `names` are the agents' by their ids."""
    chosen = _got_them(story)
    tracks = sorted(story.tracks, key=lambda track: (track.agent_id != chosen, track.able_after_s, track.agent_id))
    return WaitView(
        headline=_headline(story, names.get(chosen, chosen)),
        reasons=(
            *_ring_sentences(story, names),
            *_turn_sentences(story, names),
            *_overflow_sentences(story),
            *_expected_sentences(story),
            *_busy_sentence(story),
            *_passing_sentences(story),
            *_offer_sentences(story, names),
            *_site_sentences(story, names),
        ),
        rows=tuple(_row(story, track, names, track.agent_id == chosen) for track in tracks[:_MOST_ROWS]),
        marks=tuple((_x(story, ring.after_s), clock_text(ring.after_s)) for ring in story.rings[1:]),
        more=max(0, len(tracks) - _MOST_ROWS),
    )


def before_words(why: Before) -> str:
    """Why somebody was served before, in words."""
    return {
        Before.EARLIER: _("had come earlier"),
        Before.PRIORITY: _("from a more urgent queue"),
        Before.CREDIT: _("had credit, such as for a second call today"),
        Before.LOST_AGENT: _("had lost their agent in the middle of the talk"),
        Before.AFTER: _("came later; the order was another one by then"),
    }[why]


def _got_them(story: WaitStory) -> str:
    answered = story.facts.ended_by is EventKind.INTERACTION_ANSWERED
    return story.offers[-1][0].agent_id if answered and story.offers else ""


def _headline(story: WaitStory, agent: str) -> str:
    queue, wait = queue_name(story.facts.place.queue), clock_text(story.waited_s)
    match story.facts.ended_by:
        case EventKind.INTERACTION_ANSWERED if agent:
            return _("%(queue)s: waited %(wait)s, then %(agent)s answered.", queue=queue, wait=wait, agent=agent)
        case EventKind.INTERACTION_ANSWERED:
            return _("%(queue)s: waited %(wait)s, then was answered.", queue=queue, wait=wait)
        case EventKind.CALLBACK_MISSED:
            return _("%(queue)s: waited %(wait)s, then was called back, but not reached.", queue=queue, wait=wait)
        case EventKind.CALLBACK_PROMISED | EventKind.CALLBACK_WITHDRAWN:
            return _("%(queue)s: waited %(wait)s, then was promised a call.", queue=queue, wait=wait)
        case None:
            return _("%(queue)s: has waited %(wait)s so far.", queue=queue, wait=wait)
        case _other:
            return _("%(queue)s: waited %(wait)s, then gave up.", queue=queue, wait=wait)


def _alone_sentence(alone: AskedFirst, agent: str) -> str:
    if alone.asked_as is AskedAs.NAMED:
        return _("At first %(agent)s alone was asked, this customer's own agent.", agent=agent)
    if alone.asked_as is AskedAs.HANDED_OVER:
        return _("At first %(agent)s alone was asked, to whom they were handed over.", agent=agent)
    return _("At first %(agent)s alone was asked, who had spoken with them last.", agent=agent)


def _ring_sentences(story: WaitStory, names: Mapping[str, str]) -> list[str]:
    told = []
    for number, ring in enumerate(story.rings):
        if ring.alone is not None:
            told.append(_alone_sentence(ring.alone, names.get(ring.alone.agent_id, ring.alone.agent_id)))
            continue
        if ring.instead and (number == 0 or ring.policy is not None):
            told.append(_("The queue %(queue)s is not in the rules any more: those of %(other)s held for them.",
                          queue=queue_name(story.facts.place.queue), other=queue_name(ring.instead)))  # fmt: skip
        needs = ", ".join(needs_words(ring.needs)) or _("no skill in particular")
        if ring.policy is not None:
            wait, version = clock_text(ring.after_s), version_words(ring.policy)
            told.append(ngettext(
                "At %(wait)s the rules changed (%(version)s): %(num)d agent on duty could serve them (needed: %(needs)s).",
                "At %(wait)s the rules changed (%(version)s): %(num)d agents on duty could serve them (needed: %(needs)s).",
                ring.able, wait=wait, version=version, needs=needs,
            ))  # fmt: skip
        elif number == 0 and not ring.able:
            told.append(_("At first nobody on duty could serve them (needed: %(needs)s).", needs=needs))
        elif number == 0:
            told.append(ngettext(
                "At first %(num)d agent on duty could serve them (needed: %(needs)s).",
                "At first %(num)d agents on duty could serve them (needed: %(needs)s).", ring.able, needs=needs,
            ))  # fmt: skip
        else:
            told.append(ngettext(
                "After %(wait)s it was %(num)d agent (needed: %(needs)s).",
                "After %(wait)s it was %(num)d agents (needed: %(needs)s).",
                ring.able, wait=clock_text(ring.after_s), needs=needs,
            ))  # fmt: skip
    for lacking, count in story.unable.items():
        told.append(ngettext(
            "%(num)d agent on duty never could: not enough of %(needs)s.",
            "%(num)d agents on duty never could: not enough of %(needs)s.", count, needs=", ".join(needs_words(lacking)),
        ))  # fmt: skip
    return told


def version_words(number: int) -> str:
    """A policy's number in words; 0 is what Halo ships."""
    return _("version %(number)s", number=number) if number else _("as Halo ships them")


def _turn_sentences(story: WaitStory, names: Mapping[str, str]) -> list[str]:
    """Who came, left or was changed meanwhile."""
    told = [_turn_words(turn.how, names.get(turn.agent_id, turn.agent_id), turn.after_s) for turn in story.turns[:_MOST_TURNS]]
    more = len(story.turns) - _MOST_TURNS
    if more > 0:
        told.append(ngettext("So it went on: %(num)d more came or left.", "So it went on: %(num)d more came or left.", more))
    return told


def _turn_words(how: How, agent: str, after_s: float) -> str:
    wait = clock_text(after_s)
    match how:
        case How.CAME:
            return _("At %(wait)s %(agent)s came on duty, who could serve them.", wait=wait, agent=agent)
        case How.LEFT:
            return _("At %(wait)s %(agent)s went off duty, who could have served them.", wait=wait, agent=agent)
        case How.LEARNT:
            return _("From %(wait)s on %(agent)s could serve them: skills or site had been changed.", wait=wait, agent=agent)
        case How.UNLEARNT:
            return _("From %(wait)s on %(agent)s could no more: skills or site had been changed.", wait=wait, agent=agent)


def _busy_sentence(story: WaitStory) -> list[str]:
    seconds = {state: sum(track.seconds_in(state) for track in story.tracks) for state in _SHOWN}
    whole_s = sum(seconds.values())
    if whole_s <= 0:
        return []
    parts = ", ".join(f"{state_words(state).lower()} {percent(own_s / whole_s)}" for state, own_s in seconds.items() if own_s > 0)
    return [_("Meanwhile those who could: %(parts)s of their time.", parts=parts)]


def _passing_sentences(story: WaitStory) -> list[str]:
    if not story.passings:
        return [_("Nobody was served before them by an agent who could have served them.")] if story.tracks else []
    told = []
    served, unanswered = (_whys(story, unanswered) for unanswered in (False, True))
    if served:
        told.append(ngettext(
            "%(num)d other caller was served before them by such an agent: %(parts)s.",
            "%(num)d other callers were served before them by such agents: %(parts)s.", served.total(), parts=_counted(served),
        ))  # fmt: skip
    if unanswered:
        told.append(ngettext(
            "Such an agent was offered %(num)d other caller before them, without an answer: %(parts)s.",
            "Such agents were offered %(num)d other callers before them, without an answer: %(parts)s.",
            unanswered.total(), parts=_counted(unanswered),
        ))  # fmt: skip
    return told


def _whys(story: WaitStory, unanswered: bool) -> Counter[Before]:
    return Counter(passing.why for passing in story.passings if passing.unanswered is unanswered)


def _counted(whys: Counter[Before]) -> str:
    return "; ".join(f"{count} {before_words(why)}" for why, count in whys.most_common())


def _offer_sentences(story: WaitStory, names: Mapping[str, str]) -> list[str]:
    answered = bool(_got_them(story))
    failed = [offer for offer, _candidates in (story.offers[:-1] if answered else story.offers)]
    return [
        _("Offered to %(agent)s after %(wait)s without an answer.", agent=names.get(offer.agent_id, offer.agent_id),
          wait=clock_text((offer.at - story.facts.place.queued_at).total_seconds()))
        for offer in failed
    ]  # fmt: skip


def _overflow_sentences(story: WaitStory) -> list[str]:
    told = []
    for after_s, done in story.facts.overflows:
        words = overflow_words(done)
        if words:
            told.append(_("From %(wait)s on the queue overflowed. %(what)s.", wait=clock_text(after_s), what=words))
        else:
            told.append(_("From %(wait)s on it overflowed no more.", wait=clock_text(after_s)))
    return told


def _expected_sentences(story: WaitStory) -> list[str]:
    """What was expected first, and each time that it became later."""
    if not story.facts.expected:
        return []
    first = story.facts.expected[0]
    told = [_(
        "At first the answer was expected at %(wait)s (between %(low)s and %(high)s).",
        wait=clock_text(first.end_s), low=clock_text(first.low_s), high=clock_text(first.high_s),
    )]  # fmt: skip
    for before, each in pairwise(story.facts.expected):
        why, now = _later_words(each.cause), clock_text(each.after_s)
        if why and each.end_s > before.end_s:
            told.append(_("At %(now)s it became %(wait)s: %(why)s.", now=now, wait=clock_text(each.end_s), why=why))
    return told


def _later_words(cause: Cause) -> str:
    return {
        Cause.LINE: _("somebody stood before them who had not"),
        Cause.AGENTS: _("fewer agents were there who could serve them"),
        Cause.POLICY: _("the rules had changed"),
    }.get(cause, "")


def _site_sentences(story: WaitStory, names: Mapping[str, str]) -> list[str]:
    """Where they were, which sites were asked when, and why the last site that was."""
    rings = [ring for ring in story.rings if ring.sites]
    if not rings:
        return []
    changes = [ring for number, ring in enumerate(rings) if number == 0 or ring.sites != rings[number - 1].sites]
    told = [whereabouts_sentence(story.facts.place)] if story.facts.place.region else []
    told += [elsewhere_sentence(each, agents) for each, agents in story.elsewhere.items()]
    told += [sites_sentence(ring.sites, clock_text(ring.after_s) if ring.after_s else "") for ring in changes]
    if story.offers:
        offer = story.offers[-1][0]
        told.append(why_site_sentence(offer.because, names.get(offer.agent_id, offer.agent_id)))
    return [sentence for sentence in told if sentence]


def _row(story: WaitStory, track: Track, names: Mapping[str, str], chosen: bool) -> Row:
    start = story.facts.place.queued_at
    bars = []
    for span in track.spans:
        x, end = (_x(story, (moment - start).total_seconds()) for moment in (span.start, span.end))
        long = clock_text((span.end - span.start).total_seconds())
        bars.append(
            Bar(
                x,
                max(1.5, round(end - x, 1)),
                state_kind(span.state, span.reason),
                f"{state_words(span.state, span.reason)} {long}",
            )
        )
    able = tuple((x, round(_x(story, end_s) - x, 1)) for begin_s, end_s in track.able for x in [_x(story, begin_s)])
    return Row(names.get(track.agent_id, track.agent_id), able, tuple(bars), chosen)


def _x(story: WaitStory, after_s: float) -> float:
    return round(min(1.0, after_s / max(story.waited_s, 0.001)) * _WIDE, 1)
