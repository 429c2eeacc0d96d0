"""What the views work with, made once in create_app and found through the app."""

from dataclasses import dataclass
from typing import cast

from flask import current_app

from agent_desktop.board_feed import BoardFeed
from agent_desktop.day_feed import DayFeed
from agent_desktop.day_staff import StaffedDays
from agent_desktop.desk_memory import DeskMemory
from agent_desktop.dial_limits import DialLimits
from agent_desktop.drawings import Drawings
from agent_desktop.drawn_days import DrawnDays
from agent_desktop.fanout import EventFanout
from agent_desktop.figures import DeskFigures
from agent_desktop.login_throttle import LoginThrottle
from agent_desktop.open_streams import OpenStreams
from agent_desktop.sessions import Sessions
from core.bus import EventBus
from core.clock import Clock
from core.database import Database
from core.settings import Settings
from crm.offers.terms import TermsSource
from crm.ticket_targets_file import TargetsInForce
from ivr.flow_press import Press
from ivr.hours_now import Hours
from ivr.published_flows import PublishedFlows
from ivr.voice import Voice
from routing.agent_changes import AgentChanges
from routing.callback_outcomes import CallbackOutcomes
from routing.live import LiveStore
from routing.policy_in_force import PolicySource
from routing.policy_press import PolicyPress
from routing.policy_publication import PolicyPublisher
from routing.previews import Previews
from scripts.script_publication import ScriptPublisher
from scripts.scripts_in_force import ScriptsInForce
from workforce.roster_held import RosterMemory

EXTENSION = "halo"


@dataclass(frozen=True, slots=True)
class Services:
    settings: Settings
    database: Database
    store: LiveStore
    bus: EventBus
    clock: Clock
    changes: AgentChanges
    policy: PolicySource
    last_policy: PolicySource  # asks no records
    scripts: ScriptsInForce
    script_publisher: ScriptPublisher
    sessions: Sessions
    throttle: LoginThrottle
    dial_limits: DialLimits
    memory: DeskMemory
    fanout: EventFanout
    boards: BoardFeed
    today: DayFeed
    drawn_days: DrawnDays
    staffed_days: StaffedDays
    drawings: Drawings
    figures: DeskFigures
    streams: OpenStreams
    hours: Hours
    flows: PublishedFlows
    voice: Voice
    press: Press
    outcomes: CallbackOutcomes
    policy_press: PolicyPress
    policy_publisher: PolicyPublisher
    previews: Previews
    offer_terms: TermsSource
    ticket_targets: TargetsInForce
    rosters: RosterMemory


def services() -> Services:
    """The services of the app that serves this request."""
    return cast(Services, current_app.extensions[EXTENSION])
