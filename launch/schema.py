"""The database's tables: one Alembic chain brings any database of ours to the newest form."""

import importlib
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import Script, ScriptDirectory
from sqlalchemy import Engine, MetaData

from core.database import Base
from core.errors import HaloError

MIGRATIONS = Path(__file__).with_name("migrations")
# Every module that defines a table.
MODEL_MODULES = (
    "core.event_archive",
    "crm.customers",
    "crm.search_terms",
    "crm.orders",
    "crm.promotions",
    "crm.tickets",
    "crm.ticket_history",
    "crm.follow_ups",
    "crm.hand_over_cards",
    "crm.knowledge",
    "crm.knowledge_index",
    "crm.contact_history",
    "crm.text_messages",
    "crm.time_windows",
    "crm.deliveries",
    "crm.appointments",
    "crm.payment.records",
    "crm.payment.sandbox",
    "crm.number_tries",
    "crm.pins",
    "crm.script_actions",
    "crm.surveys",
    "crm.talk_recordings",
    "crm.callback_tasks",
    "crm.offers.scores",
    "crm.offers.records",
    "crm.customer_changes",
    "crm.customer_merges",
    "ivr.closings",
    "ivr.control_pins",
    "routing.agents",
    "routing.policy_versions",
    "workforce.interval_stats",
    "workforce.adherence_excuses",
    "workforce.brought_history",
    "workforce.planning_tables",
    "workforce.changed_shifts",
    "workforce.roster_records",
    "workforce.calendar_records",
    "agent_desktop.accounts",
    "ivr.flow_versions",
    "ivr.flow_drafts",
    "ivr.flow_orders",
    "scripts.script_drafts",
    "scripts.script_trials",
    "scripts.script_versions",
)


# What a database makes of a full-text index; no model knows it.
_FULL_TEXT = "knowledge_index"


def is_modelled(name: str | None, kind: str, _parents: object) -> bool:
    """Whether a table that a database has is to be compared with our models."""
    return kind != "table" or not (name or "").startswith(_FULL_TEXT)


def all_tables() -> MetaData:
    """Every table that our code knows."""
    for module in MODEL_MODULES:
        importlib.import_module(module)
    return Base.metadata


def upgrade(database_url: str) -> None:
    """Bring the database to the newest revision; does nothing when it is there. Each revision is applied whole or not at all."""
    command.upgrade(_config(database_url), "head")


def write_revision(database_url: str, message: str) -> Path:
    """Write a new revision with what the models have and this (upgraded) database has not; returns its file."""
    config = _config(database_url)
    number = len(list(ScriptDirectory.from_config(config).walk_revisions())) + 1
    script = command.revision(config, message=message, autogenerate=True, rev_id=f"{number:04d}")
    if not isinstance(script, Script):
        raise HaloError("No single revision was written.", "look into launch/migrations/versions.")
    return Path(script.path)


def newest_revision() -> str:
    """The revision that a database should have."""
    return ScriptDirectory.from_config(_config("")).get_current_head() or ""


def current_revision(engine: Engine) -> str:
    """The revision that a database has; "" for none."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() or ""


def _config(database_url: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["database_url"] = database_url
    return config
