"""A small flow for the explorer, and what it finds in flows and services that are made to fail."""

from collections.abc import Mapping

from structlog.testing import capture_logs

from ivr.explorer.everything import explore_flow
from ivr.explorer.findings import Finding, findings
from ivr.explorer.scenes import Scene
from ivr.flow_file import read_flow
from ivr.services import SERVICES
from ivr.services.service import Step
from ivr.visit import Visit
from routing.policy_file import shipped_policy

QUEUES = list(shipped_policy().policy.names)
SMALL = """
flow: hotline
title: {id: Kecil, en: Small}
entries: [{menu: main_menu}]
person_phrases: {id: [petugas], en: [agent]}
menus:
  language:
    ask: {id: [Tekan satu.], en: [Press two.]}
    choices: [{name: id, key: 1}, {name: en, key: 2}]
  main_menu:
    ask: {id: [Jualan satu.], en: [Sales one.]}
    choices:
      - {name: sales, key: 1, phrases: {id: [penjualan], en: [sales]}, queue: sales}
"""
SERVES = SMALL + "      - {name: bill, key: 2, phrases: {id: [tagihan], en: [bill]}, does: bill}\n"


class BillService:
    """A service under a name that a flow may use; the broken ones below are of its kind."""

    name = "bill"
    menus: Mapping[str, frozenset[str]] = {}

    def run(self, visit: Visit) -> Step:
        raise NotImplementedError


def found(text: str, *chosen: Scene, service: BillService | None = None) -> list[Finding]:
    flow = read_flow(text, "draft.yaml").flow
    services = {**SERVICES, "bill": service} if service else SERVICES
    with capture_logs():  # a flow that is made to fail says so each time
        exploration = explore_flow(flow, {}, only=chosen or (Scene("Sari"), Scene("stranger")), services=services)
    return findings(flow, exploration, QUEUES)
