"""Tells open pages of skills what others change, who comes on duty and leaves, and how many promised calls are open."""

from collections.abc import Iterator

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from agent_desktop.accounts import SUPERVISING_ROLES
from agent_desktop.event_tail import check_position, tail
from agent_desktop.promises import is_about_promises, promises_in, queues_of
from agent_desktop.pushing import RETRY_MS, browsers_connection, is_gone, message, pushed, until_unavailable
from agent_desktop.roles import needs_role, user_here
from agent_desktop.services import services
from agent_desktop.skill_matrix import gaps_json, read_matrix
from core.events import Event, EventKind
from routing.agent_state import AgentState

blueprint = Blueprint("skill_feed", __name__)
_BEAT_S = 4.0


@blueprint.get("/events/skills")
@needs_role(*SUPERVISING_ROLES)
def stream() -> ResponseReturnValue:
    """`after` (or Last-Event-ID) is the position that the page has seen."""
    user, here, connection = user_here(), services(), browsers_connection()
    after = check_position(request.headers.get("Last-Event-ID") or request.args.get("after") or here.bus.last_position())
    queues = queues_of(user)

    def messages() -> Iterator[str]:
        yield f"retry: {RETRY_MS}\n\n"
        with here.figures.streams.labels("skills").track_inprogress():
            yield message("promises", {"open": promises_in(queues)})
            for some in tail(here.bus, here.fanout, after, is_about_skills, _BEAT_S):
                if is_gone(connection):
                    return
                if not here.sessions.is_open():
                    yield message("over", {})
                    return
                yield from _told(some.events, some.position)
                if any(map(is_about_promises, some.events)):
                    yield message("promises", {"open": promises_in(queues)})
                if not some.events:
                    yield f": beat\nid: {some.position}\n\n"

    return pushed(until_unavailable(messages()))


def is_about_skills(event: Event) -> bool:
    """Whether the page looks different after this."""
    if event.kind is EventKind.AGENT_STATE_CHANGED:
        return (event.data.get("before") == AgentState.OFFLINE) != (event.data.get("state") == AgentState.OFFLINE)
    return event.kind in (EventKind.AGENT_SKILLS_CHANGED, EventKind.POLICY_PUBLISHED) or is_about_promises(event)


def _told(events: list[Event], position: str) -> Iterator[str]:
    """Who is on duty by the last that is known of each; skills as they are by now, whatever came after the event."""
    duty = {
        event.agent_id: event.data.get("state") != AgentState.OFFLINE
        for event in events
        if event.kind is EventKind.AGENT_STATE_CHANGED
    }
    if duty:
        yield message("duty", {"agents": duty}, position)
    if any(event.kind is EventKind.POLICY_PUBLISHED or "site_after" in event.data for event in events):
        yield message("table", {}, position)
    changed = [event for event in events if event.kind is EventKind.AGENT_SKILLS_CHANGED and "site_after" not in event.data]
    if changed:
        yield message("skills", _skills(changed), position)


def _skills(events: list[Event]) -> dict[str, object]:
    here = services()
    with here.database.reading() as session:
        matrix = read_matrix(session)
    told = []
    for event in events:
        before, after, now = event.data["before"], event.data["after"], matrix.skills.get(event.agent_id, {})
        names = sorted(skill for skill in before.keys() | after.keys() if before.get(skill, 0) != after.get(skill, 0))
        cells = [[event.agent_id, skill, now.get(skill, 0)] for skill in names]
        told.append({"key": event.key, "by": event.data.get("by", ""), "cells": cells})
    return {"changes": told, "gaps": gaps_json(here.policy(), list(matrix.skills.values()))}
