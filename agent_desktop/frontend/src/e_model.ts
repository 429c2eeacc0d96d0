// How good a line sounds, by the E-model: ITU-T Recommendation G.107 (06/2015). Figures in, a rating out; nothing is measured here.
//
// All that the browser can't measure stands at the Recommendation's default: R0 - Is = 93.2, no echo (Idte = Idle = 0), A = 0.

/** What the network does to a talk. Shares are 0 to 1; times in milliseconds, the delay from mouth to ear. */
export interface Impairments {
  lossShare: number;
  delayMs: number;
}

/** A codec's own impairment and its robustness to lost packets (ITU-T G.113, Appendix I). */
export interface Codec {
  ie: number;
  bpl: number;
}

/** G.711 whose lost packets are concealed. Callers come by telephone, so this is the best that a talk can be; G.113 has no row for Opus. */
export const g711: Codec = { ie: 0, bpl: 25.1 };

const best = 93.2;
const unheardMs = 100; // a shorter delay is no impairment (G.107, 7.4)

/** Idd, the impairment by delay (G.107, 7.4). */
export function delayImpairment(delayMs: number): number {
  if (delayMs <= unheardMs) return 0;
  const x = Math.log2(delayMs / unheardMs);
  return 25 * ((1 + x ** 6) ** (1 / 6) - 3 * (1 + (x / 3) ** 6) ** (1 / 6) + 2);
}

/** Ie-eff, the impairment by codec and lost packets, for losses that come at random: BurstR = 1 (G.107, 7.5). */
export function lossImpairment(lossShare: number, codec: Codec): number {
  const percent = Math.min(Math.max(lossShare, 0), 1) * 100;
  return codec.ie + ((95 - codec.ie) * percent) / (percent + codec.bpl);
}

/** The transmission rating R, 0 to 93.2. */
export function rating(line: Impairments, codec: Codec = g711): number {
  return Math.max(0, best - delayImpairment(line.delayMs) - lossImpairment(line.lossShare, codec));
}

/** The mean opinion score for a rating, 1 to 4.5 (G.107, Annex B). */
export function opinion(r: number): number {
  if (r <= 0) return 1;
  if (r >= 100) return 4.5;
  return Math.max(1, 1 + 0.035 * r + r * (r - 60) * (100 - r) * 7e-6);
}

export type Level = "good" | "fair" | "bad";

/** In words: users are satisfied from R = 80 on (MOS 4.02), many are not below 70 (3.6); G.107, Table B.1. */
export function levelOf(mos: number): Level {
  return mos >= 4.02 ? "good" : mos >= 3.6 ? "fair" : "bad";
}
