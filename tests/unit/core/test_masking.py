"""No whole number stands in a log line, however it is written; ids, times and counts stay readable."""

import json
import logging
from pathlib import Path

import pytest
import structlog

from core.log import configure_logging, get_log
from core.masking import mask_fields, mask_text

WRITTEN = (
    "+628112345678", "08112345678", "0811-2345-678", "+62 811 2345 678", "+62 (811) 2345-678", "0811/2345/678",
    "0811\u20112345\u2011678", "+62\u00a0811\u00a02345\u00a0678", "4111  1111  1111  1111", "4111 - 1111 - 1111 - 1111",
    "\u0660\u0668\u0661\u0661\u0662\u0663\u0664\u0665\u0666\u0667\u0668",
)  # fmt: skip
AROUND = ("{}", "sip:{}@example.com", "'{}'", "to {}.", "number={}&x=1", "{}-", "(Name for number '{}' is odd)")


@pytest.mark.parametrize("around", AROUND)
@pytest.mark.parametrize("number", WRITTEN)
def test_a_number_is_masked_however_it_is_written_and_whatever_stands_around(number: str, around: str):
    masked = mask_text(around.format(number))
    assert sum(character.isdigit() for character in masked.replace("x=1", "")) == 3
    assert "***" in masked


@pytest.mark.parametrize(
    "text", [r"a\n08112345678", "q=%2B628112345678", "tel%3a08112345678", "08112345678x", "4111111111111111-1"]
)
def test_nor_does_it_slip_out_beside_letters(text: str):
    assert "***" in mask_text(text)
    assert "12345678" not in mask_text(text)
    assert "1111111" not in mask_text(text)


@pytest.mark.parametrize(
    "text",
    [
        "0199a2c4-1234-7123-8123-12345678901a", "12345678-1a2b-4c3d-8e9f-123456789012", "2026-11-25T08:00:00.123456+00:00",
        "PJSIP/carrier-00000012", "halo-leg-12345678", "CA0123456789abcdef0123456789abcdef", "port 127.0.0.1:5060",
        "601 of 1200 ms",
    ],
)  # fmt: skip
def test_ids_times_and_counts_keep_their_shape(text: str):
    assert mask_text(text) == text


def test_values_of_every_kind_are_masked():
    masked = mask_fields(
        {
            "number": 628112345678, "card": "4111", "seen": {"08112345678"},
            "problem": ValueError("08112345678"),
            "file": Path("/var/08112345678.wav"), "raw": b"08112345678",
            "count": 12_345, "share": 0.5, "nobody": None, "is_open": True,
        }
    )  # fmt: skip
    assert "2345678" not in repr(masked)
    assert masked["card"] == "***"
    assert (masked["count"], masked["share"], masked["nobody"], masked["is_open"]) == (12_345, 0.5, None, True)


def test_a_line_of_ours_and_a_librarys_are_masked_on_their_way_out(capsys: pytest.CaptureFixture[str]):
    kept = logging.getLogger().handlers[:], logging.getLogger().level, structlog.get_config()
    try:
        configure_logging("test")
        get_log("ours").warning("odd", who=ValueError("+62 (811) 2345-678"), interaction_id="12345678-1234-4234-8234-123456789012")
        logging.getLogger("theirs").warning("Name for number '%s' is odd", "0811/2345/678")
    finally:
        logging.getLogger().handlers[:] = kept[0]
        logging.getLogger().setLevel(kept[1])
        structlog.configure(**kept[2])
    ours, theirs = map(json.loads, capsys.readouterr().out.splitlines())
    assert ours["who"] == "ValueError('***678')"
    assert ours["interaction_id"] == "12345678-1234-4234-8234-123456789012"
    assert theirs["event"] == "Name for number '***678' is odd"
    assert set(theirs) == {"event", "process", "level", "timestamp"}
