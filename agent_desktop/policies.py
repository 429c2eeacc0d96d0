"""The page of the policy: who gets whom, drawn; which versions there were, and what one of them would change."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from agent_desktop.accounts import SUPERVISING_ROLES, Role
from agent_desktop.change_groups import ChangeGroup
from agent_desktop.languages import language_here
from agent_desktop.policy_difference_words import difference_words
from agent_desktop.policy_picture import HEIGHT, draw_policy
from agent_desktop.policy_site_picture import draw_sites
from agent_desktop.policy_site_words import (
    capacity_words,
    place_words,
    site_labels,
    site_part_words,
    site_value_words,
    sites_rule_words,
    sites_words,
)
from agent_desktop.policy_texts import NumberedText, number_asked, read, text_in_force, text_numbered
from agent_desktop.policy_words import (
    BALANCES,
    CALLED_FIRST,
    asked_words,
    labels,
    language_names,
    last_agent_words,
    named_agent_words,
    overflow_words,
    part_words,
    priority_words,
    seconds_words,
    worth_words,
    wrap_up_words,
)
from agent_desktop.roles import needs_role, user_here
from agent_desktop.services import services
from ivr.flow_difference import difference
from routing.agent_state import AgentState
from routing.agents import load_profiles
from routing.policy import Policy
from routing.policy_file import PolicyText
from routing.policy_versions import history

WATCHING_ROLES = (Role.SUPERVISOR, Role.PLANNER, Role.ADMIN)

blueprint = Blueprint("policy", __name__)


@blueprint.get("/policy")
@needs_role(*WATCHING_ROLES)
def page() -> ResponseReturnValue:
    """The policy in force, or the version in the address."""
    wanted = request.args.get("version", "")
    with services().database.reading() as session:
        current = text_in_force(session)
        shown = text_numbered(session, number_asked(wanted)) if wanted else current
        versions = history(session)
    found = read(shown.text)
    return render_template(
        "policy/page.html",
        shown=shown, current=current, versions=versions, may_edit=user_here().role in SUPERVISING_ROLES,
        drawing=draw(found.policy) if isinstance(found, PolicyText) else "",
        groups=_groups(current, shown.text) if shown.number != current.number else None,
    )  # fmt: skip


@blueprint.get("/api/policy/versions")
@needs_role(*WATCHING_ROLES)
def listed() -> ResponseReturnValue:
    """The list of versions."""
    with services().database.reading() as session:
        current, versions = text_in_force(session), history(session)
    return render_template(
        "policy/versions.html", current=current, versions=versions, may_edit=user_here().role in SUPERVISING_ROLES
    )


@blueprint.get("/api/policy/difference")
@needs_role(*WATCHING_ROLES)
def compare() -> ResponseReturnValue:
    """What makes one version of another: in words, and line by line."""
    numbers = [number_asked(request.args.get(side, "")) for side in ("before", "after")]
    with services().database.reading() as session:
        before, after = (text_numbered(session, number) for number in numbers)
    return draw_difference(before, after.text)


def draw_difference(before: NumberedText, after: str) -> str:
    """What makes this text of that version: by queue where both can be read, and line by line."""
    return render_template("policy/difference.html", groups=_groups(before, after), found=difference(before.text, after))


def draw(policy: Policy) -> str:
    """The policy as a picture, with the agents as they are now."""
    with services().database.reading() as session:
        agents = load_profiles(session)
    live = services().store.snapshot().agents
    here = frozenset(agent_id for agent_id, agent in live.items() if agent.state is not AgentState.OFFLINE)
    return render_template(
        "policy/picture.html",
        picture=draw_policy(policy, agents, here), policy=policy, height=HEIGHT, label_of=labels(policy),
        site_of=site_labels(policy), sites=draw_sites(policy, agents, here, services().clock.now(), language_here()),
        language=language_here(), balances=BALANCES, called_first=CALLED_FIRST, asked_words=asked_words,
        wrap_up_words=wrap_up_words,
        capacity_words=capacity_words, language_names=language_names, last_agent_words=last_agent_words,
        named_agent_words=named_agent_words,
        overflow_words=overflow_words, part_words=part_words, place_words=place_words, priority_words=priority_words,
        seconds_words=seconds_words, site_part_words=site_part_words, site_value_words=site_value_words,
        sites_rule_words=sites_rule_words, sites_words=sites_words, worth_words=worth_words,
    )  # fmt: skip


def _groups(before: NumberedText, after: str) -> tuple[ChangeGroup, ...] | None:
    """The changes in words; None where one of the two can't be read."""
    was, will_be = read(before.text), read(after)
    if not isinstance(was, PolicyText) or not isinstance(will_be, PolicyText):
        return None
    return difference_words(was.policy, will_be.policy)
