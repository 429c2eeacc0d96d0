"""Puts the desk together: one blueprint per noun, everything they need handed in."""

from zoneinfo import ZoneInfo

from flask import Flask, Response, g, request
from prometheus_client import Histogram

from agent_desktop import (
    agent,
    audit,
    auth,
    brought_history,
    calendars,
    call,
    call_orders,
    callbacks,
    contracts,
    customer_changing,
    customer_merging,
    customer_page,
    customers,
    desk,
    dialling,
    events,
    flow_editor,
    flow_publishing,
    flows,
    follow_ups,
    forecast_held,
    forecast_orders,
    forecast_overruling,
    forecasts,
    health,
    hours,
    knowledge,
    knowledge_desk,
    knowledge_editor,
    later_calls,
    line_reports,
    lines,
    my_day,
    my_shifts,
    offer,
    offers,
    planner,
    policies,
    policy_editor,
    policy_preview,
    policy_publishing,
    promised_try,
    promises,
    recordings,
    roster_asks,
    roster_changing,
    roster_files,
    roster_news,
    roster_orders,
    roster_page,
    roster_publishing,
    roster_rules,
    roster_since,
    rosters,
    script_editor,
    script_list,
    script_publishing,
    script_reports,
    script_steps,
    script_walk,
    shift_asks,
    skill_feed,
    skills,
    staffing,
    the_day,
    the_day_feed,
    the_day_orders,
    the_day_staff,
    ticket_changes,
    ticket_opening,
    tickets,
    time_off_asks,
    waits,
    wallboard,
    what_if,
)
from agent_desktop.adherence_words import set_up_adherence_words
from agent_desktop.assets import set_up_assets
from agent_desktop.board_feed import BoardFeed
from agent_desktop.code_words import set_up_words
from agent_desktop.day_feed import DayFeed
from agent_desktop.day_staff import StaffedDays
from agent_desktop.desk_memory import DeskMemory
from agent_desktop.dial_limits import DialLimits
from agent_desktop.drawings import Drawings
from agent_desktop.drawn_days import DrawnDays
from agent_desktop.fanout import EventFanout
from agent_desktop.figures import DeskFigures
from agent_desktop.formats import set_up_formats
from agent_desktop.languages import set_up_languages
from agent_desktop.login_throttle import LoginThrottle
from agent_desktop.open_streams import OpenStreams
from agent_desktop.page_frame import set_up_page_frame
from agent_desktop.problems import set_up_problems
from agent_desktop.proxy import set_up_proxy
from agent_desktop.script_surroundings import surroundings
from agent_desktop.security import set_up_security
from agent_desktop.services import EXTENSION, Services, services
from agent_desktop.sessions import Sessions
from agent_desktop.shift_words import set_up_shift_words
from asterisk_conf.render import RECORDED_SOUNDS
from core.bus import EventBus
from core.clock import Clock, stopwatch_s
from core.database import Database
from core.settings import Settings
from crm.offers.terms import TermsSource
from crm.ticket_targets_file import TargetsInForce
from ivr.call_times import CallTimes
from ivr.espeak import EspeakSynthesizer
from ivr.flow_press import Press
from ivr.hours_now import Hours
from ivr.published_flows import PublishedFlows
from ivr.reception import HOTLINE
from ivr.voice import Voice
from routing.agent_changes import AgentChanges
from routing.callback_outcomes import CallbackOutcomes
from routing.live import LiveStore
from routing.policy_in_force import PolicyInForce
from routing.policy_press import PolicyPress
from routing.policy_publication import PolicyPublisher
from routing.previews import Previews
from scripts.script_publication import ScriptPublisher
from scripts.scripts_in_force import ScriptsInForce
from workforce.roster_held import RosterMemory

_BLUEPRINTS = (
    auth,
    desk,
    agent,
    call,
    script_steps,
    call_orders,
    dialling,
    line_reports,
    lines,
    my_day,
    my_shifts,
    shift_asks,
    time_off_asks,
    calendars,
    callbacks,
    promises,
    promised_try,
    later_calls,
    recordings,
    customers,
    offer,
    offers,
    customer_page,
    customer_changing,
    customer_merging,
    tickets,
    ticket_changes,
    ticket_opening,
    follow_ups,
    knowledge,
    knowledge_desk,
    knowledge_editor,
    events,
    waits,
    wallboard,
    hours,
    flows,
    flow_editor,
    flow_publishing,
    policies,
    policy_editor,
    policy_publishing,
    policy_preview,
    script_list,
    script_editor,
    script_walk,
    script_publishing,
    script_reports,
    planner,
    forecasts,
    forecast_orders,
    forecast_overruling,
    forecast_held,
    brought_history,
    staffing,
    rosters,
    roster_news,
    roster_orders,
    roster_page,
    roster_changing,
    roster_publishing,
    roster_files,
    roster_rules,
    roster_since,
    contracts,
    roster_asks,
    the_day,
    the_day_feed,
    the_day_orders,
    the_day_staff,
    what_if,
    skills,
    skill_feed,
    audit,
    health,
)


def create_app(
    settings: Settings, database: Database, store: LiveStore, bus: EventBus, clock: Clock, press: Press, policy_press: PolicyPress
) -> Flask:  # fmt: skip
    """The WSGI application; `press` publishes flows, `policy_press` does what the policy's pages need done elsewhere.

    Opens nothing by itself: its background thread starts with the first page that is pushed to.
    """
    app = Flask("agent_desktop")
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.extensions[EXTENSION] = _services(settings, database, store, bus, clock, press, policy_press)
    app.before_request(_find_user)
    set_up_security(app, settings)
    set_up_languages(app, settings)
    set_up_formats(app, settings, clock)
    set_up_words(app)
    set_up_shift_words(app)
    set_up_adherence_words(app, settings.time_zone)
    set_up_assets(app)
    set_up_page_frame(app)
    set_up_problems(app)
    for module in _BLUEPRINTS:
        app.register_blueprint(module.blueprint)
    app.after_request(_measure)
    if settings.behind_proxy:
        set_up_proxy(app)
    return app


def _services(
    settings: Settings, database: Database, store: LiveStore, bus: EventBus, clock: Clock, press: Press, policy_press: PolicyPress
) -> Services:  # fmt: skip
    fanout, policies, flows_in_force = EventFanout(bus), PolicyInForce(database), PublishedFlows(database)
    hours_in_force = Hours(settings.home, database, fresh_for_s=0)  # a page shows what was just done
    return Services(
        settings=settings,
        database=database,
        store=store,
        bus=bus,
        clock=clock,
        changes=AgentChanges(store, clock, settings.presence_lease_s),
        policy=policies.current,
        last_policy=policies.last,
        scripts=ScriptsInForce(database),
        script_publisher=ScriptPublisher(database, clock, lambda: surroundings(policies.current().names), bus.publish),
        sessions=Sessions(store.redis, database),
        throttle=LoginThrottle(store.redis),
        dial_limits=DialLimits(store.redis, settings),
        memory=DeskMemory(store.redis),
        fanout=fanout,
        boards=BoardFeed(database, store, bus, fanout, policies.current, clock, settings.time_zone),
        today=DayFeed(database, bus, fanout, clock, settings.time_zone),
        drawn_days=DrawnDays(clock),
        staffed_days=StaffedDays(clock),
        drawings=Drawings(clock),
        figures=DeskFigures(),
        streams=OpenStreams(),
        hours=hours_in_force,
        flows=flows_in_force,
        voice=Voice(settings.home / "prompts", RECORDED_SOUNDS, EspeakSynthesizer()),
        press=press,
        outcomes=CallbackOutcomes(database, CallTimes(hours_in_force, flows_in_force, HOTLINE).earliest, bus.publish),
        policy_press=policy_press,
        policy_publisher=PolicyPublisher(database, clock, policy_press.surroundings, bus.publish),
        previews=Previews(store.redis),
        offer_terms=TermsSource(settings.home),
        ticket_targets=TargetsInForce(settings.home, ZoneInfo(settings.time_zone)),
        rosters=RosterMemory(),
    )


def _find_user() -> None:
    g.started_s = stopwatch_s()
    if request.endpoint not in ("static", "health.health", "health.metrics"):
        g.user = services().sessions.find_user()


def _measure(response: Response) -> Response:
    figure: Histogram = services().figures.requests
    if not response.is_streamed:
        figure.labels(request.endpoint or "none", response.status_code).observe(stopwatch_s() - g.get("started_s", stopwatch_s()))
    return response
