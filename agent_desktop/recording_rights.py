"""Who may hear which recorded talk: agents their own, supervisors those of their teams, planners none."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from agent_desktop.accounts import Role, User
from core.errors import HaloError
from core.settings import Settings
from crm.talk_recordings import TalkRecording
from routing.agents import find_agent

ROLES = (Role.AGENT, Role.SUPERVISOR, Role.ADMIN)


class NotTheirs(HaloError):
    """The recording is for others to hear."""

    code = "recording_not_theirs"


@dataclass(frozen=True, slots=True)
class Ears:
    """What somebody may hear: `everything`, or the talks of the agent `agent_id` ("" for nobody's) and of agents in these teams."""

    everything: bool = False
    agent_id: str = ""
    teams: tuple[str, ...] = ()

    def may_hear(self, recording: TalkRecording) -> bool:
        """Whether this one is among them. A talk of nobody known is for those who may hear everything."""
        own = bool(recording.agent_id) and recording.agent_id == self.agent_id
        return self.everything or own or (bool(recording.team) and recording.team in self.teams)

    def among(self, recordings: Iterable[TalkRecording]) -> list[TalkRecording]:
        """Those that they may hear, in the same order."""
        return [recording for recording in recordings if self.may_hear(recording)]


def ears_of(session: Session, user: User, settings: Settings) -> Ears:
    """What this user may hear, by role and team as they are now. A supervisor without a team hears all teams."""
    match user.role:
        case Role.ADMIN:
            return Ears(everything=True)
        case Role.SUPERVISOR:
            return Ears(everything=not user.team_names, teams=user.team_names)
        case Role.AGENT if user.agent_id:
            record = find_agent(session, user.agent_id)
            team = record.team if record is not None and settings.agents_hear_team else ""
            return Ears(agent_id=user.agent_id, teams=(team,) if team else ())
        case _:
            return Ears()
