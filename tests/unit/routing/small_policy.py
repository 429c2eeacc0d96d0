"""Small policies for tests, written as people write them."""

from collections.abc import Mapping
from textwrap import dedent, indent

from routing.agents import Profile
from routing.policy import Policy
from routing.policy_file import read_policy

USUAL = "answer_within_s: 20, service_target: 0.8, short_abandon_s: 5"


def queue_text(name: str, more: str = "") -> str:
    """One queue of a policy file; `more` are further fields in braces' form: "priority: 3, needs: [{skill: sales}]"."""
    return f"- {{name: {name}, label: {{id: {name}, en: {name}}}, {USUAL}{', ' + more if more else ''}}}"


def policy_text(*queues: str, more: str = "") -> str:
    """A policy file with these queues, the first of which is the fallback."""
    first = queues[0].split("name: ")[1].split(",")[0]
    return "queues:\n" + indent("\n".join(queues), "  ") + f"\nfallback: {first}\n" + dedent(more)


def policy_of(*queues: str, more: str = "") -> Policy:
    """The policy of that text."""
    return read_policy(policy_text(*queues, more=more), "policy.yaml").policy


def site_text(name: str, where: str, more: str = "hours: always") -> str:
    """One site of a policy file; `more` are further fields in braces' form."""
    zone = {"Makassar": "Asia/Makassar"}.get(where, "Asia/Jakarta")
    return f"- {{name: {name}, label: {{id: {name}, en: {name}}}, where: {where}, time_zone: {zone}, {more}}}"


def sites_text(*sites: str) -> str:
    """The sites of a policy file."""
    return "sites:\n" + indent("\n".join(sites), "  ") + "\n"


def floor(sites: Mapping[str, str] | None = None, /, **proficiencies: Mapping[str, int]) -> dict[str, Profile]:
    """Agents by id, with what they can do; `sites` is where some of them are."""
    return {key: Profile(key, key, dict(own), (sites or {}).get(key, "")) for key, own in proficiencies.items()}
