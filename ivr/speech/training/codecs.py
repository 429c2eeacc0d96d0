"""What telephone networks do to a voice: mu-law and A-law, and the codecs of mobile and internet calls.

µ-law and A-law are computed here; GSM full rate and AMR narrow band come from sox, Opus from opus-tools. Many recordings are
coded in one go, since starting a program takes longer than coding a phrase.
"""

import audioop
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from ivr.speech.training.corpus import SAMPLE_RATE_HZ, Samples

_RAW = ["-t", "raw", "-r", str(SAMPLE_RATE_HZ), "-e", "signed", "-b", "16", "-c", "1"]
_GAP = SAMPLE_RATE_HZ // 10


def mu_law(samples: Samples) -> Samples:
    """There and back through G.711 µ-law."""
    return np.frombuffer(audioop.ulaw2lin(audioop.lin2ulaw(samples.tobytes(), 2), 2), dtype=np.int16)


def a_law(samples: Samples) -> Samples:
    """There and back through G.711 A-law."""
    return np.frombuffer(audioop.alaw2lin(audioop.lin2alaw(samples.tobytes(), 2), 2), dtype=np.int16)


def gsm(samples: Samples) -> Samples:
    """There and back through GSM full rate, 13 kbit/s."""
    return _by_sox(samples, "gsm", [])


def amr(samples: Samples, mode: int) -> Samples:
    """There and back through AMR narrow band; modes 0 to 7 are 4.75, 5.15, 5.9, 6.7, 7.4, 7.95, 10.2 and 12.2 kbit/s."""
    return _by_sox(samples, "amr-nb", ["-C", str(mode)])


def opus(samples: Samples, kbit_s: int) -> Samples:
    """There and back through narrow-band Opus, as WhatsApp-like callers and gateways send it."""
    with tempfile.TemporaryDirectory() as folder:
        raw, coded, back = (Path(folder, name) for name in ("in.raw", "coded.opus", "back.wav"))
        raw.write_bytes(samples.astype("<i2").tobytes())
        shape = ["--raw", "--raw-rate", str(SAMPLE_RATE_HZ), "--raw-chan", "1", "--bitrate", str(kbit_s), "--speech"]
        _run(["opusenc", "--quiet", *shape, str(raw), str(coded)])
        _run(["opusdec", "--quiet", "--rate", str(SAMPLE_RATE_HZ), str(coded), str(back)])
        content = back.read_bytes()
        return _fitted(np.frombuffer(content[content.find(b"data") + 8 :][: 2 * len(samples)], dtype="<i2"), len(samples))


def coded_together(recordings: Sequence[Samples], codec: Callable[[Samples], Samples]) -> list[Samples]:
    """Each recording as it comes out of the codec, coded in one go with pauses between."""
    gap = np.zeros(_GAP, np.int16)
    whole = codec(np.concatenate([part for samples in recordings for part in (samples, gap)]))
    back, at = [], 0
    for samples in recordings:
        back.append(whole[at : at + len(samples)])
        at += len(samples) + _GAP
    return back


def _by_sox(samples: Samples, kind: str, options: list[str]) -> Samples:
    with tempfile.TemporaryDirectory() as folder:
        raw, coded, back = (Path(folder, name) for name in ("in.raw", "coded", "back.raw"))
        raw.write_bytes(samples.astype("<i2").tobytes())
        _run(["sox", "-D", *_RAW, str(raw), "-t", kind, *options, str(coded)])
        _run(["sox", "-D", "-t", kind, str(coded), *_RAW, str(back)])
        return _fitted(np.frombuffer(back.read_bytes(), dtype="<i2"), len(samples))


def _fitted(samples: Samples, length: int) -> Samples:
    """As many samples as went in: codecs fill up their last frame."""
    return np.pad(samples[:length], (0, max(0, length - len(samples)))).astype(np.int16)


def _run(command: list[str]) -> None:
    subprocess.run(command, check=True, capture_output=True)
