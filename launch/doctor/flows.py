"""Checks of the flows that callers go through."""

from sqlalchemy.exc import SQLAlchemyError

from core.database import Database
from core.errors import HaloError
from core.settings import Settings
from launch.doctor.finding import Finding
from launch.publishing import publisher

SUBJECT = "flows"


def flows(settings: Settings) -> Finding:
    """The flows in force still fit what this installation has: its queues, its hours, its numbers."""
    database = Database(settings.database)
    try:
        publishes = publisher(settings, database)
        faults, names = publishes.faults_in_force(), [text.source for text in publishes.flows_in_force()]
    except HaloError as problem:
        return Finding(SUBJECT, False, problem.message, problem.next_step)
    except SQLAlchemyError as problem:
        return Finding(SUBJECT, False, f"can't be read ({type(problem).__name__})", "see the line about the database.")
    finally:
        database.dispose()
    if faults:
        return Finding(SUBJECT, False, "; ".join(map(str, faults)), "mend this, or publish the flow with other words.")
    return Finding(SUBJECT, True, ", ".join(names) or "none published yet: callers get the one that Halo ships")
