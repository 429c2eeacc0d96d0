"""The keys of the agent's page: what the script knows is what the map says, no key twice; and each can be found by name."""

import re
from collections import Counter

from agent_desktop.desk_keys import KEYS
from tests.unit.agent_desktop.page_script import FRONTEND

# In the palette as they stand on the page: their text is the customer's, the script's or the disposition's own.
ON_THE_PAGE = {"Alt 1…9", "Alt 0", "Alt M", "Alt B", "Alt S", "Alt Y", "Alt X", "Alt L"}
OPENS_IT = {"Ctrl K"}


def source(name: str) -> str:
    return (FRONTEND / "src" / name).read_text(encoding="utf-8")


def keys_in_scripts() -> list[str]:
    """Every key that the scripts of the agent's page listen to, as it is written on the map."""
    keys = source("keys.ts")
    found = re.findall(r"^  (F\d+):", keys, re.MULTILINE)
    for name in ("keys.ts", "offer.ts", "beside.ts"):
        found += [f"Alt {letter}" for letter in re.findall(r"\bKey([A-Z]): ", source(name))]
    found += ["Alt 1…9", "Alt 0"] if "Digit" in keys else []
    found += ["Ctrl K"] * keys.count('event.key.toLowerCase() === "k"') + ["Ctrl Enter"] * keys.count('event.key === "Enter"')
    return found + ["?"] * keys.count('event.key === "?"')


def on_the_map() -> list[str]:
    return [" ".join(one.keys) for one in KEYS]


def test_no_key_does_two_things():
    assert {key: count for key, count in Counter(keys_in_scripts()).items() if count > 1} == {}
    assert {key: count for key, count in Counter(on_the_map()).items() if count > 1} == {}


def test_the_map_holds_every_key_and_no_other():
    assert set(on_the_map()) == set(keys_in_scripts())


def test_every_action_with_a_key_is_in_the_palette_with_the_same_key():
    commands = source("commands.ts")
    noted = set(re.findall(r'add\(word\("\w+"\), "([^"]+)"', commands))
    noted |= set(re.findall(r'key: "([^"]+)"', source("recording_pause.ts")))
    assert set(on_the_map()) - ON_THE_PAGE - OPENS_IT == noted


def test_everything_else_that_can_be_clicked_is_in_the_palette_under_its_own_words():
    assert re.search(r'all\("#work button:not\(\[disabled\]\), #work a\[href\], \.rail a\[href\]', source("commands.ts"))
