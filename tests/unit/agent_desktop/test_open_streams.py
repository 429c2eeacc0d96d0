"""Each person has their share of pushed pages, and no one else's."""

import pytest

from agent_desktop.open_streams import OpenStreams, TooMany


def test_who_has_their_share_gets_no_more_until_one_is_closed_and_others_have_theirs():
    streams = OpenStreams(most_of_one=2)
    streams.opened(1)
    streams.opened(1)
    with pytest.raises(TooMany):
        streams.opened(1)
    streams.opened(2)
    streams.closed(1)
    streams.opened(1)
    with pytest.raises(TooMany):
        streams.opened(1)
