"""What Asterisk tells of channels, and which of it is news."""

import pytest

from asterisk_conf import names
from cti.callers import Callers, called_by, interaction_of

ID = "00000000-0000-0000-0000-000000000001"


class Told:
    """Stands where the phone calls stand, and remembers what it was told."""

    def __init__(self) -> None:
        self.missing: list[int] = []

    def phone_missing(self, token: int) -> None:
        self.missing.append(token)


class Ears:
    """Stands where AMI stands: takes handlers, and plays events to them."""

    def __init__(self) -> None:
        self.handlers: dict[str, object] = {}

    def on(self, event: str, handler: object) -> None:
        self.handlers[event] = handler


@pytest.mark.parametrize(
    ("row", "missing"),
    [
        ({"response": "Failure", "reason": "0", "uniqueid": "<null>"}, [7]),
        ({"response": "Failure", "reason": "0", "uniqueid": names.agent_leg_id(7)}, []),  # rejected: its hang-up says so
        ({"response": "Success", "reason": "4", "uniqueid": names.agent_leg_id(7)}, []),
    ],
)
def test_only_a_phone_that_was_never_rung_is_missing(row, missing):
    told, ears = Told(), Ears()
    Callers(None, None, None, None, None, ears, told)
    ears.handlers["OriginateResponse"]({"actionid": names.agent_leg_id(7), **row})
    assert told.missing == missing


@pytest.mark.parametrize(
    ("row", "interaction"),
    [
        ({"channel": "PJSIP/carrier-1", "chanvariable": f"{names.INTERACTION}={ID}"}, ID),
        ({"channel": "PJSIP/agent-1001-1", "chanvariable": f"{names.INTERACTION}={ID}"}, ""),
        ({"channel": "PJSIP/carrier-1", "chanvariable": f"{names.INTERACTION}="}, ""),
        ({"channel": "PJSIP/carrier-1", "chanvariable": f"{names.INTERACTION}=Action: Originate"}, ""),
        ({"channel": "PJSIP/carrier-1"}, ""),
    ],
)
def test_a_callers_channel_is_known_by_its_interaction(row, interaction):
    assert interaction_of(row) == interaction


@pytest.mark.parametrize(
    ("row", "token"),
    [
        ({"channel": "PJSIP/way-out-1", "chanvariable": f"{names.INTERACTION}={ID}\n{names.CALLED}=7"}, 7),
        ({"channel": "PJSIP/agent-1001-1", "chanvariable": f"{names.INTERACTION}={ID}\n{names.CALLED}=7"}, None),
        ({"channel": "PJSIP/carrier-1", "chanvariable": f"{names.INTERACTION}={ID}\n{names.CALLED}="}, None),
        ({"channel": "PJSIP/carrier-1", "chanvariable": f"{names.CALLED}=seven"}, None),
    ],
)
def test_the_leg_of_who_is_called_back_says_for_which_reservation(row, token):
    assert called_by(row) == token
