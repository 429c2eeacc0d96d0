"""The sum of a talk's line, and what is said of a recorded voice."""

from tests.unit.agent_desktop.page_script import page_script

SECOND = "{lossIn: 0, lossOut: 0, jitterMs: 5, roundTripMs: 20, delayMs: 40, mos: 4.4, heard: 1, silent: false}"


def story(steps: str):
    """The sum after these steps over `s`, an empty story; `ok` is a good second."""
    script = f"(() => {{ const ok = {SECOND}; const s = new it.LineStory(); {steps}; return [s.sum, s.silentForS]; }})()"
    return page_script("line_figures.ts", script)


def test_a_line_that_nothing_came_over_has_no_sum():
    assert story("for (let n = 0; n < 4; n += 1) s.take({...ok, silent: true}, false)") == [None, 4]


def test_the_worst_five_seconds_are_told_beside_the_mean_and_one_bad_second_is_no_bad_line():
    one, _ = story("for (let n = 0; n < 60; n += 1) s.take({...ok, mos: n === 30 ? 1 : 4.4}, false)")
    assert (one["seconds"], one["badS"]) == (60, 0)
    assert 3.6 < one["worst"] < one["mos"] < 4.4
    ten, _ = story("for (let n = 0; n < 60; n += 1) s.take({...ok, mos: n >= 50 ? 2 : 4.4}, false)")
    assert ten["worst"] == 2
    assert 5 <= ten["badS"] <= 10


def test_music_on_hold_is_no_silence():
    held, silent_for = story("s.take(ok, false); for (let n = 0; n < 9; n += 1) s.take({...ok, silent: true}, true)")
    assert (held["silentS"], silent_for) == (0, 0)
    gone, silent_for = story("s.take(ok, false); for (let n = 0; n < 9; n += 1) s.take({...ok, silent: true}, false)")
    assert (gone["silentS"], silent_for) == (9, 9)


def judged(sample: str) -> str:
    """What is said of three seconds at 16 kHz, each sample by this expression of its number `n`."""
    return page_script("voice_level.ts", f"it.judgeVoice(Float32Array.from({{length: 48000}}, (_, n) => {sample}), 16000)")


def test_a_voice_is_judged_by_its_loudest_pieces():
    voice = "Math.sin(n / 7) * (n % 16000 < 8000 ? {} : 0)"
    assert judged("0") == "none"
    assert judged(voice.format(0.1)) == "good", "half of it is silence between the words"
    assert judged(voice.format(0.006)) == "quiet"
    assert judged("Math.max(-1, Math.min(1, 3 * Math.sin(n / 7)))") == "loud"


def test_the_meter_goes_from_nothing_to_all():
    none, some, all_ = page_script("voice_level.ts", "[0, 0.1, 1].map((v) => it.meterShare(new Float32Array(64).fill(v)))")
    assert (none, all_) == (0, 1)
    assert 0.6 < some < 0.7, "-20 dB of 60"
