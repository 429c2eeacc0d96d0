"""The routing policy of this installation: looked at, checked, published, brought back; and what agents can do."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

from core.bus import EventBus
from core.clock import SystemClock
from core.database import Database
from core.errors import BadInput, SettingsError
from core.settings import Settings, load_settings
from ivr.flow_file import read_flow, shipped_flow_names
from ivr.flow_versions import in_force as flow_in_force
from ivr.hours_source import HoursSource
from ivr.reasons import Reason
from launch.console import green, say
from routing.agent_skills import change_site, change_skills
from routing.agents import load_profiles
from routing.policy import Policy
from routing.policy_check import Surroundings, policy_problems
from routing.policy_file import PolicyText, read_policy, read_policy_file, shipped_policy
from routing.policy_in_force import PolicyInForce
from routing.policy_publication import PolicyPublisher
from routing.policy_versions import history, in_force, policy_of


def policy_here() -> Policy:
    """The policy in force on this machine; the shipped one where Halo is not set up."""
    try:
        database = Database(load_settings().database)
    except SettingsError:
        return shipped_policy().policy
    try:
        return PolicyInForce(database).current()
    finally:
        database.dispose()


def surroundings(settings: Settings, database: Database) -> Surroundings:
    """What a policy must go with: flows and hours that lead to queues, agents and their skills, and why callers call."""
    leads = dict.fromkeys(HoursSource(settings.home).queues(), "config/hours.yaml")
    with database.reading() as session:
        for name in shipped_flow_names():
            record = flow_in_force(session, name)
            if record is not None:
                leads |= dict.fromkeys(_queues_of_flow(record.content, name), f"the flow {name}")
        profiles = load_profiles(session).values()
    agents, sites = [profile.proficiencies for profile in profiles], [profile.site for profile in profiles]
    return Surroundings(leads, agents, [reason.value for reason in Reason], sites)


@lru_cache(maxsize=8)
def _queues_of_flow(text: str, name: str) -> frozenset[str]:
    return frozenset(read_flow(text, name).flow.queues)


@contextmanager
def policy_publisher() -> Iterator[PolicyPublisher]:
    """Publishes policies of this installation, which must be set up."""
    settings = load_settings()
    database, bus = Database(settings.database), EventBus(settings.redis_url)
    try:
        yield PolicyPublisher(database, SystemClock(), lambda: surroundings(settings, database), bus.publish)
    finally:
        bus.close()
        database.dispose()


def check_policy(file: Path | None) -> bool:
    """Say what is wrong with the policy in a file, else with the one in force; False when something must be mended."""
    settings = load_settings()
    database = Database(settings.database)
    try:
        text = _text_in_force(database) if file is None else read_policy_file(file)
        problems = policy_problems(text, surroundings(settings, database))
    finally:
        database.dispose()
    for problem in problems:
        say(f"  {problem}")
    if not problems:
        say(f"  {text.source}: nothing is wrong")
    return not any(problem.serious for problem in problems)


def publish_policy(file: Path, note: str, by: str) -> None:
    """Put the policy in a file in force. Raises Faults that names what is wrong, with its line; nothing changed then."""
    with policy_publisher() as publisher:
        number = publisher.publish(read_policy_file(file), by, note)
    say(f"{green('in force')}: policy {number}, for everybody who waits and who comes.")


def bring_policy_back(number: int, by: str) -> None:
    """Put an earlier policy in force again."""
    with policy_publisher() as publisher:
        publisher.roll_back(number, by)
    say(f"{green('in force')}: policy {number} again.")


def show_policy(number: int | None) -> None:
    """The text of a policy, by default of the one in force."""
    database = Database(load_settings().database)
    try:
        with database.reading() as session:
            say(policy_of(session, number).content if number is not None else _text_in_force(database).text)
    finally:
        database.dispose()


def show_policies() -> None:
    """What was in force when, the newest first."""
    database = Database(load_settings().database)
    try:
        with database.reading() as session:
            rows = history(session)
    finally:
        database.dispose()
    for index, row in enumerate(rows):
        mark = green(" in force") if index == 0 else ""
        say(f"  {row.number:>4}  {row.at:%Y-%m-%d %H:%M} UTC  {row.how:<12} {row.by}  {row.note}{mark}")
    if not rows:
        say("  The policy that Halo ships is in force; none was published here.")


def show_skills(agent_id: str | None) -> None:
    """What every agent, or one of them, can do."""
    database = Database(load_settings().database)
    try:
        with database.reading() as session:
            profiles = load_profiles(session)
    finally:
        database.dispose()
    if agent_id is not None and agent_id not in profiles:
        raise BadInput(f"There is no agent {agent_id}.", f"Use one of: {', '.join(sorted(profiles))}.")
    for profile in sorted(profiles.values(), key=lambda each: each.agent_id):
        if agent_id in (None, profile.agent_id):
            say(f"  {profile.agent_id}  {profile.name}: {_in_words(profile.proficiencies)}")


def set_skills(agent_id: str, changes: Mapping[str, int], by: str) -> None:
    """Change what an agent can do, for callers who wait already, too."""
    settings = load_settings()
    database, bus = Database(settings.database), EventBus(settings.redis_url)
    try:
        skills = change_skills(database, SystemClock(), bus.publish, agent_id, changes, by)
    finally:
        bus.close()
        database.dispose()
    say(f"  {agent_id}: {_in_words(skills)}")


def show_sites(agent_id: str | None) -> None:
    """The sites of the policy in force, and where every agent, or one of them, is."""
    database = Database(load_settings().database)
    try:
        with database.reading() as session:
            profiles = load_profiles(session)
        policy = _text_in_force(database).policy
    finally:
        database.dispose()
    if agent_id is not None and agent_id not in profiles:
        raise BadInput(f"There is no agent {agent_id}.", f"Use one of: {', '.join(sorted(profiles))}.")
    for profile in sorted(profiles.values(), key=lambda each: each.agent_id):
        if agent_id in (None, profile.agent_id):
            unknown = "" if not profile.site or policy.site(profile.site) else " (not a site of the policy in force)"
            say(f"  {profile.agent_id}  {profile.name}: {profile.site or 'no site'}{unknown}")
    if agent_id is None:
        say(f"  sites of the policy in force: {', '.join(site.name for site in policy.sites) or 'none'}")


def set_site(agent_id: str, site: str, by: str) -> None:
    """Say where an agent is, for callers who wait already, too; "" for no site. Raises BadInput for one that the policy has not."""
    settings = load_settings()
    database, bus = Database(settings.database), EventBus(settings.redis_url)
    try:
        policy = _text_in_force(database).policy
        if site and policy.site(site) is None:
            known = ", ".join(each.name for each in policy.sites)
            step = f"Use one of: {known}." if known else "Publish a policy with `sites` first."
            raise BadInput(f"The policy in force has no site {site}.", step)
        change_site(database, SystemClock(), bus.publish, agent_id, site, by)
    finally:
        bus.close()
        database.dispose()
    say(f"  {agent_id}: {site or 'no site'}")


def _text_in_force(database: Database) -> PolicyText:
    with database.reading() as session:
        found = in_force(session)
    if found is None:
        return shipped_policy()
    return read_policy(found.content, f"policy {found.number}")


def _in_words(skills: Mapping[str, int]) -> str:
    return ", ".join(f"{skill} {proficiency}" for skill, proficiency in sorted(skills.items())) or "no skill"
