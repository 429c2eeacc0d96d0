"""Who of the ready agents of a circle is taken next, whatever happened to them meanwhile."""

from hypothesis import given, settings
from hypothesis import strategies as st

from routing.able import Able, key_for
from routing.balance import Balance, Choice
from routing.ranking import Ranking

NAMES = ("a", "b", "c")
CHOICES = (Choice(), Choice(Balance.LEAST_OCCUPIED), Choice(Balance.MOST_PROFICIENT, keep_scarce_free=True))
SKILLED = st.tuples(st.integers(1, 3), st.sampled_from((0.0, 0.3)))
happens = st.one_of(
    st.tuples(st.just("ready"), st.sampled_from(NAMES), st.integers(0, 3), SKILLED),
    st.tuples(st.just("busy"), st.sampled_from(NAMES)),
    st.tuples(st.just("take")),
)


@settings(max_examples=1000, deadline=None)
@given(choice=st.sampled_from(CHOICES), events=st.lists(happens, min_size=10, max_size=30))
def test_the_one_with_the_least_key_is_taken_whether_keys_rise_or_fall(choice: Choice, events: list[tuple]) -> None:
    members = {name: Able(name, {"sales": 1}) for name in NAMES}
    ranking, key = Ranking(members, choice, frozenset({"sales"})), key_for(choice, frozenset({"sales"}))
    for now_s, event in enumerate(events):
        match event:
            case ("ready", name, ago_s, (sales, scarce)):
                agent = members[name]
                agent.idle_since_s, agent.occupancy = float(now_s - ago_s), sales / 10
                agent.proficiencies, agent.scarcity = {"sales": sales}, {"javanese": scarce}
                ranking.fresh[name] = agent
            case ("busy", name):
                members[name].idle_since_s = None
            case _:
                ready = [agent for agent in members.values() if agent.idle_since_s is not None]
                taken = ranking.take()
                assert taken is min(ready, key=key, default=None)
                if taken is not None:
                    taken.idle_since_s = None
