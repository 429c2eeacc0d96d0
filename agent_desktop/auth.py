"""Log-in, log-out, and the choices a person makes for all pages."""

import re

from flask import Blueprint, flash, jsonify, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from agent_desktop.accounts import Role, User, authenticate
from agent_desktop.json_body import json_body
from agent_desktop.languages import CHOSEN, LANGUAGES
from agent_desktop.roles import home_of, needs_role, user_here
from agent_desktop.services import services
from agent_desktop.sessions import current_user
from agent_desktop.texts import _
from core.errors import BadInput
from core.log import get_log
from ivr.flow_file import shipped_flow_names
from routing.agent_state import IllegalChange
from scripts.model import SLUG

blueprint = Blueprint("auth", __name__)
_log = get_log(__name__)
_THEMES = ("", "light", "dark")
_PAGES = (
    "auth.login", "desk.page", "wallboard.page", "planner.page", "the_day.page", "hours.page", "flows.page", "callbacks.page",
    "policy.page",
    "policy_editor.page", "script_list.page", "skills.page", "customer_page.find", "customer_merging.page", "recordings.page",
    "my_shifts.page", "roster_asks.page",
)  # fmt: skip
_OF_SCRIPTS = ("script_editor.page", "script_reports.page", "script_reports.trial")


@blueprint.get("/")
def start() -> ResponseReturnValue:
    user = current_user()
    return redirect(home_of(user) if user else url_for("auth.login"))


@blueprint.get("/login")
def login() -> ResponseReturnValue:
    user = current_user()
    if user is not None:
        return redirect(home_of(user))
    problem = _("This page was open for too long. Please log in again.") if "stale" in request.args else ""
    return render_template("login.html", problem=problem, name="")


@blueprint.post("/login")
def log_in() -> ResponseReturnValue:
    name, password = request.form.get("login", "")[:200], request.form.get("password", "")
    here = services()
    left_s = here.throttle.left_s(name, request.remote_addr or "")
    if left_s:
        here.figures.refused_logins.labels("throttled").inc()
        problem = _("Too many tries. Try again in %(time)s.", time=_time_left(left_s))
        return render_template("login.html", problem=problem, name=name), 429, {"Retry-After": str(left_s)}
    with here.database.writing() as writing:
        user = authenticate(writing, name, password)
        writing.commit()
    if user is None:
        here.figures.refused_logins.labels("wrong").inc()
        _log.info("login_refused")
        problem = _("Log-in or password is not right. Check both and try again.")
        return render_template("login.html", problem=problem, name=name), 401
    here.throttle.forget(name, request.remote_addr or "")
    chosen = session.get(CHOSEN)
    here.sessions.open(user)
    if chosen:
        session[CHOSEN] = chosen
    _log.info("logged_in", user_id=user.id, role=user.role)
    return redirect(home_of(user))


@blueprint.post("/log-out")
def log_out() -> ResponseReturnValue:
    user, here = current_user(), services()
    if user is not None and user.role == Role.AGENT and user.agent_id:
        try:
            if here.store.agent(user.agent_id).state != "OFFLINE":
                here.changes.log_out(user.agent_id)
        except IllegalChange:
            flash(_("Finish this call first, then log out."))
            return redirect(home_of(user))
    here.sessions.end()
    return redirect(url_for("auth.login"))


@blueprint.post("/language")
def choose_language() -> ResponseReturnValue:
    language, page = request.form.get("language", ""), request.form.get("page", "")
    if language in LANGUAGES:
        session[CHOSEN] = language
        _keep(language=language)
    if page == "flow_editor.page" and request.form.get("flow", "") in shipped_flow_names():
        return redirect(url_for(page, flow=request.form["flow"]))
    if page in _OF_SCRIPTS and re.fullmatch(SLUG, request.form.get("name", "")):
        return redirect(url_for(page, name=request.form["name"]))
    if page == "customer_page.page" and request.form.get("customer", "").isdecimal():
        return redirect(url_for(page, customer_id=int(request.form["customer"])))
    return redirect(url_for(page if page in _PAGES else "auth.start"))


@blueprint.post("/api/theme")
@needs_role(*Role)
def choose_theme() -> ResponseReturnValue:
    theme = json_body().text("theme", most=5)
    if theme not in _THEMES:
        raise BadInput("There is no such theme.", "Use light, dark or nothing.")
    _keep(theme=theme)
    return jsonify(theme=theme)


def _keep(**choices: str) -> None:
    user = current_user()
    if user is None:
        return
    with services().database.writing() as writing:
        known = writing.get_one(User, user_here().id)
        for name, value in choices.items():
            setattr(known, name, value)
        writing.commit()


def _time_left(seconds_s: int) -> str:
    minutes, seconds = divmod(seconds_s, 60)
    if minutes:
        return _("%(minutes)d min %(seconds)d s", minutes=minutes, seconds=seconds)
    return _("%(seconds)d s", seconds=seconds)
