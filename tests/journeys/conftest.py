"""Fixtures of the journeys."""

import pytest

from asterisk_conf import names
from tests.journeys.control_house import ControlHouse


@pytest.fixture
def house(redis_url):
    """1001 has a caller, who was brought from the line; 1002 is ready to be asked."""
    house = ControlHouse(redis_url)
    house.ready_agent("1002")
    house.asterisk.legs.append({"uniqueid": "caller", "channel": house.place.channel, "context": names.WAITING})
    yield house
    house.close()
