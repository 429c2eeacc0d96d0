"""Features of the training utterances: what the recogniser computes from sound, computed the same way."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from ivr.speech.phones import Pronunciation
from ivr.speech.training.corpus import SAMPLE_RATE_HZ, Corpus, Samples
from ivr.speech.training.lines import Line
from ivr.speech.training.noises import Chance, NoiseBank

FEATURES = 40
MFCC = {
    "sample-frequency": "8000",
    "use-energy": "false",
    "num-mel-bins": "40",
    "num-ceps": "40",
    "low-freq": "60",
    "high-freq": "-200",
    "dither": "0",
}
"""As Kaldi's conf/mfcc.conf names them; `mfcc` computes the same."""
Matrix = np.ndarray[Any, np.dtype[np.float16]]
_CHUNK, _SAME_PLACES = 300, 1200  # so many phrases go over lines with the same noises, rooms and bands behind them
_TALKERS = 300
_SHORTEST_FRAMES = 15


@dataclass(frozen=True, slots=True)
class Example:
    """Features (frames × 40, every 10 ms) and the phones of each word in them."""

    features: Matrix
    phones: tuple[Pronunciation, ...]

    @property
    def is_learnable(self) -> bool:
        """Whether there are frames enough: the network answers for every third, one phone each at least."""
        return len(self.features) > _SHORTEST_FRAMES and -(-len(self.features) // 3) >= sum(map(len, self.phones))


def mfcc(samples: Samples) -> Matrix:
    """The cepstra of one recording, frames × 40."""
    import kaldi_native_fbank as knf

    options = knf.MfccOptions()
    options.frame_opts.samp_freq = SAMPLE_RATE_HZ
    options.frame_opts.dither = 0.0
    options.frame_opts.snip_edges = True
    options.mel_opts.num_bins = FEATURES
    options.mel_opts.low_freq = 60
    options.mel_opts.high_freq = -200
    options.num_ceps = FEATURES
    options.use_energy = False
    found = knf.OnlineMfcc(options)
    found.accept_waveform(SAMPLE_RATE_HZ, samples.astype(np.float32))
    found.input_finished()
    frames = [found.get_frame(frame) for frame in range(found.num_frames_ready)]
    return np.stack(frames).astype(np.float16) if frames else np.zeros((0, FEATURES), np.float16)


def examples_of(corpus: Corpus, copy: int, seed: int) -> list[Example]:
    """Every utterance over a telephone line, and stretches without speech. Another `copy` goes over other lines."""
    chance: Chance = np.random.default_rng((seed, copy))
    examples = []
    for first in range(0, len(corpus), _CHUNK):
        if first % _SAME_PLACES == 0:
            talkers = [corpus[int(place)].samples for place in chance.integers(0, len(corpus), _TALKERS)]
            line = Line(chance, NoiseBank(chance, talkers))
        spoken = [corpus[place] for place in range(first, min(first + _CHUNK, len(corpus)))]
        arrived = line.carry([said.samples for said in spoken])
        examples += [Example(mfcc(samples), said.phones) for samples, said in zip(arrived, spoken, strict=True)]
    for _ in range(len(corpus) // 25):
        examples.append(Example(mfcc(line.no_speech(int(chance.uniform(0.6, 2.5) * SAMPLE_RATE_HZ))), ()))
    return [example for example in examples if example.is_learnable]
