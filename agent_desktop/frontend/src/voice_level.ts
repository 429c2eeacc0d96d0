// Whether a recorded voice can be heard well: from its samples, -1 to 1.

export type Voice = "none" | "quiet" | "loud" | "good";

const speechDb = -42; // the louder tenth of a voice that callers hear well lies above this
const clippedFrom = 0.985;
const clippedShare = 0.005;
const noneBelow = 0.003;
const pieceS = 0.02;

/** Judge `samples` by their loudest pieces of 20 ms: pauses between words say nothing of the voice. */
export function judgeVoice(samples: Float32Array, rate: number): Voice {
  const size = Math.max(1, Math.round(rate * pieceS));
  const powers: number[] = [];
  let peak = 0;
  let clipped = 0;
  for (let from = 0; from + size <= samples.length; from += size) {
    let sum = 0;
    for (let at = from; at < from + size; at += 1) {
      const value = Math.abs(samples[at] ?? 0);
      sum += value * value;
      peak = Math.max(peak, value);
      if (value >= clippedFrom) clipped += 1;
    }
    powers.push(sum / size);
  }
  if (peak < noneBelow || powers.length === 0) return "none";
  if (clipped / samples.length > clippedShare) return "loud";
  powers.sort((one, other) => other - one);
  const loudest = powers.slice(0, Math.max(1, Math.round(powers.length / 10)));
  const db = 10 * Math.log10(loudest.reduce((sum, power) => sum + power, 0) / loudest.length);
  return db < speechDb ? "quiet" : "good";
}

/** The level of what is heard now as a share of a meter: -60 dB is nothing, 0 dB all of it. */
export function meterShare(samples: Float32Array): number {
  const power = samples.reduce((sum, value) => sum + value * value, 0) / Math.max(1, samples.length);
  return Math.min(1, Math.max(0, 1 + (10 * Math.log10(power + 1e-9)) / 60));
}
