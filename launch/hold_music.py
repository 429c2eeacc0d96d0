"""A minute of calm music for callers who wait, made with sox, so that none has to be licensed."""

import subprocess
from pathlib import Path

from core.errors import HaloError

_FILE = "calm.wav"
# Plucked notes of four chords that lead back to the first; a bar each.
_CHORDS = (("C3", "G3", "E4", "C4"), ("A2", "E3", "C4", "A3"), ("F2", "C3", "A3", "F3"), ("G2", "D3", "B3", "G3"))
_TELEPHONE = ("-r", "8000", "-b", "16", "-e", "signed-integer", "-c", "1")
_ROOM = ("reverb", "40", "lowpass", "2600", "norm", "-12")
_BAR_S = 3.2
_ROUNDS = 5


def make_music(folder: Path) -> None:
    """Make the music, unless the folder already holds some: put any other 8 kHz WAV files there to replace it."""
    if any(folder.glob("*.wav")):
        return
    folder.mkdir(parents=True, exist_ok=True)
    bars = [folder / f".bar{place}.wav" for place in range(len(_CHORDS))]
    for bar, chord in zip(bars, _CHORDS, strict=True):
        _sox(["-r", "44100", "-c", str(len(chord)), "-n", *_TELEPHONE, str(bar), *_plucked(chord)])
    whole = folder / ".whole.wav"
    _sox([*map(str, bars * _ROUNDS), *_TELEPHONE, str(whole), *_ROOM])
    whole.replace(folder / _FILE)
    for bar in bars:
        bar.unlink()


def _plucked(chord: tuple[str, ...]) -> list[str]:
    """sox's effects for one bar: the notes of the chord, one after the other, ringing on."""
    notes = [word for note in chord for word in ("pluck", note)]
    delays = [f"{place * _BAR_S / len(chord):.2f}" for place in range(len(chord))]
    return ["synth", str(_BAR_S), *notes, "delay", *delays, "remix", "-", "fade", "t", "0.01", str(_BAR_S), "0.2"]


def _sox(arguments: list[str]) -> None:
    done = subprocess.run(["sox", "-V1", *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        raise HaloError(f"sox could not make the waiting music: {done.stderr.strip()}.", "Run ./halo doctor.")
