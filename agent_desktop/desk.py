"""The agent's page."""

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from agent_desktop.accounts import Role
from agent_desktop.desk_keys import KEYS
from agent_desktop.roles import NotAllowed, agent_here, needs_role, user_here
from agent_desktop.security import host_here
from agent_desktop.services import services
from agent_desktop.texts import _
from agent_desktop.work_area import facts, gather, render
from asterisk_conf.names import agent_endpoint
from routing.agents import find_agent

blueprint = Blueprint("desk", __name__)


@blueprint.get("/desk")
@needs_role(Role.AGENT)
def page() -> ResponseReturnValue:
    """Opening the page logs the agent in; what happens later than `position` is pushed."""
    here, agent_id = services(), agent_here()
    with here.database.reading() as session:
        record = find_agent(session, agent_id)
        if record is None:
            raise NotAllowed("This account is not linked to an agent.", "Ask an administrator to link it.")
    number = here.memory.open_page(agent_id)
    here.fanout.wake(agent_id)
    here.changes.log_in(agent_id)
    here.changes.choose_phone(agent_id, record.phone_kind)
    position = here.bus.last_position()  # before the state is read: what comes between is told twice, never missed
    agent = here.store.agent(agent_id)
    area = gather(user_here(), agent)
    return render_template(
        "desk/page.html",
        area=area,
        work_area=render(area),
        facts=facts(agent, area.now),
        position=position,
        desk_keys=KEYS,
        page_number=number,
        hold_reminder_s=here.settings.hold_reminder_s,
        sip={
            "server": f"{host_here()}:{here.settings.sip_port} (UDP)",
            "user": agent_endpoint(agent_id),
            "password": record.phone_secret,
        },
    )


@blueprint.get("/desk/elsewhere")
@needs_role(Role.AGENT)
def elsewhere() -> ResponseReturnValue:
    """What an older tab shows: the newest one has the phone."""
    return render_template(
        "problem.html", what=_("Your desk is open in a newer tab."),
        next_step=_("That tab has the phone. You can close this one, or take the desk over here."),
        home=url_for("desk.page"), label=_("Use it here"),
    )  # fmt: skip
