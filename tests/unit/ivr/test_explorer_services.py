"""What the explorer tells of a bad service."""

from contextlib import suppress

from core.errors import Unavailable
from ivr.explorer.findings import Fault
from ivr.explorer.scenes import Scene
from ivr.identity import proved_customer
from ivr.line import HungUp
from ivr.services.service import Next, Step
from ivr.visit import Visit
from tests.unit.ivr.small_flows import SERVES, BillService, found


def faults_of(service: BillService, *chosen: Scene) -> dict[Fault, str]:
    told: dict[Fault, str] = {}
    for finding in found(SERVES, *(chosen or (Scene("Sari", listening=False),)), service=service):
        told[finding.fault] = "\n".join(filter(None, (told.get(finding.fault), str(finding))))
    return told


class Deaf(BillService):
    """Asks and asks, whatever is pressed."""

    def run(self, visit: Visit) -> Step:
        while True:
            visit.line.ask_keys(visit.prompt("pin_1"))


def test_a_dead_end() -> None:
    told = faults_of(Deaf())
    assert "can only hang up" in told[Fault.DEAD_END]
    assert "goes round for ever" in told[Fault.LOOP]
    assert "key 0" in told[Fault.NOT_AT_ONCE]
    assert "main_menu: key 2" in told[Fault.DEAD_END]


class Stubborn(BillService):
    """Lets nobody through to a person: only a key ends it."""

    def run(self, visit: Visit) -> Step:
        for _ in range(3):
            if visit.line.ask_keys(visit.prompt("pin_1")) == "1":
                break
        return Next.GOODBYE


def test_a_person_out_of_reach() -> None:
    told = faults_of(Stubborn())
    assert "no way leads to a person" in told[Fault.NO_PERSON]
    assert Fault.LOOP not in told  # three times are three places, although no variable counts them
    assert Fault.DEAD_END not in told


class LateTrap(BillService):
    """Lets nobody go who was silent twice before: far behind the first places, and with nothing but a number to tell it."""

    def run(self, visit: Visit) -> Step:
        silent = 0
        while silent < 2:
            if visit.line.ask_keys(visit.prompt("pin_1")):
                return Next.MAIN_MENU
            silent += 1
        while True:
            visit.line.ask_keys(visit.prompt("pin_2"))


def test_a_trap_behind_several_faults() -> None:
    told = faults_of(LateTrap())
    assert "main_menu: key 2, silence, silence." in told[Fault.DEAD_END]


class Slow(BillService):
    """Never comes to a question when the records have failed."""

    def run(self, visit: Visit) -> Step:
        try:
            visit.look_up("open_bills", lambda desk: desk.open_bills(1))
        except Unavailable:
            while True:
                visit.say("looking_up")
        return Next.GOODBYE


def test_a_flow_that_goes_on_and_on_after_a_fault_of_the_records() -> None:
    told = faults_of(Slow())
    assert "goes on and on without asking anything" in told[Fault.BREAKS]
    assert "the records fail" in told[Fault.BREAKS]


class TalksOn(BillService):
    """Does not notice that the caller has gone."""

    def run(self, visit: Visit) -> Step:
        with suppress(HungUp):
            visit.say("goodbye")
        visit.say("goodbye")
        return Next.GOODBYE


def test_a_hang_up_that_is_not_noticed() -> None:
    assert "goes on after a hang-up" in faults_of(TalksOn())[Fault.BREAKS]


class Dialect(BillService):
    """Fails callers in English who are proved: two things that come from different menus."""

    def run(self, visit: Visit) -> Step:
        proved_customer(visit)
        if visit.language == "en":
            raise RuntimeError
        return Next.MAIN_MENU


def test_a_fault_that_only_some_callers_meet() -> None:
    assert Fault.BREAKS not in faults_of(Dialect(), Scene("Dewi", listening=False))  # without a PIN
    assert "the flow fails after" in faults_of(Dialect(), Scene("Budi", listening=False))[Fault.BREAKS]
    assert "the flow fails after" in faults_of(Dialect(), Scene("stranger", listening=False))[Fault.BREAKS]
