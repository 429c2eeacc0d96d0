// What the browser knows of a talk's line, second by second: packets, loss both ways, jitter, round trip, and the opinion they give.
import { opinion, rating } from "./e_model";

/** One second of a line. Shares are 0 to 1. `heard` is the energy of what came in, `silent`: nothing came in at all. */
export interface Second {
  lossIn: number;
  lossOut: number;
  jitterMs: number;
  roundTripMs: number;
  delayMs: number;
  mos: number;
  heard: number;
  silent: boolean;
}

interface Counts {
  received: number;
  lost: number;
  lossOut: number;
  jitterMs: number;
  roundTripMs: number;
  buffered: number;
  emitted: number;
  energy: number;
}

const nothing: Counts = { received: 0, lost: 0, lossOut: 0, jitterMs: 0, roundTripMs: 0, buffered: 0, emitted: 0, energy: 0 };
const packetMs = 20; // a packet is sent when its sound is whole

async function count(connection: RTCPeerConnection): Promise<Counts> {
  const now = { ...nothing };
  for (const report of (await connection.getStats()).values() as Iterable<Record<string, unknown>>) {
    const number = (name: string): number => (typeof report[name] === "number" ? (report[name] as number) : 0);
    if (report["type"] === "inbound-rtp" && report["kind"] === "audio") {
      now.received += number("packetsReceived");
      now.lost += Math.max(0, number("packetsLost")) + number("packetsDiscarded"); // too late for the ear is lost, too
      now.jitterMs = Math.max(now.jitterMs, number("jitter") * 1000);
      now.buffered += number("jitterBufferDelay");
      now.emitted += number("jitterBufferEmittedCount");
      now.energy += number("totalAudioEnergy");
    }
    if (report["type"] === "remote-inbound-rtp" && report["kind"] === "audio") {
      now.roundTripMs = Math.max(now.roundTripMs, number("roundTripTime") * 1000);
      now.lossOut = Math.max(now.lossOut, number("fractionLost"));
    }
  }
  return now;
}

function between(before: Counts, now: Counts): Second {
  const received = Math.max(0, now.received - before.received);
  const lost = Math.max(0, now.lost - before.lost);
  const emitted = now.emitted - before.emitted;
  const bufferMs = emitted > 0 ? ((now.buffered - before.buffered) / emitted) * 1000 : 0;
  const lossIn = received + lost > 0 ? lost / (received + lost) : 0;
  const delayMs = now.roundTripMs / 2 + packetMs + Math.max(0, bufferMs);
  const mos = Math.min(...[lossIn, now.lossOut].map((lossShare) => opinion(rating({ lossShare, delayMs })))); // the worse way counts
  const heard = Math.max(0, now.energy - before.energy);
  return { lossIn, lossOut: now.lossOut, jitterMs: now.jitterMs, roundTripMs: now.roundTripMs, delayMs, mos, heard, silent: received + lost === 0 };
}

/** Tell `told` of each second of a connection, until the returned function is called. */
export function followLine(connection: RTCPeerConnection, told: (second: Second) => void): () => void {
  let before: Counts | null = null;
  const look = async (): Promise<void> => {
    if (connection.connectionState === "closed") return;
    const now = await count(connection).catch(() => null);
    if (!now || !timer) return;
    document.documentElement.dataset["packetsReceived"] = String(now.received);
    if (before) told(between(before, now));
    before = now;
  };
  let timer = window.setInterval(() => void look(), 1000);
  return () => {
    window.clearInterval(timer);
    timer = 0;
    delete document.documentElement.dataset["packetsReceived"];
  };
}

const windowS = 5; // a level is of the last five seconds: one lost packet is no bad line

/** A line as a whole, as it is told to the server. Shares 0 to 1, means over its seconds; `worst` is that of its worst five seconds. */
export interface LineSum {
  seconds: number;
  mos: number;
  worst: number;
  lossIn: number;
  lossOut: number;
  jitterMs: number;
  roundTripMs: number;
  badS: number;
  silentS: number;
}

/** The seconds of one talk so far. */
export class LineStory {
  readonly opinions: number[] = [];
  silentForS = 0;
  private seconds: Second[] = [];
  private badS = 0;
  private silentS = 0;
  private worst = 5;

  /** Take a second in; one without any packet is no opinion, and none at all while the caller is on `hold`. */
  take(second: Second, hold: boolean): void {
    this.silentForS = second.silent && !hold ? this.silentForS + 1 : 0;
    if (second.silent) {
      if (!hold) this.silentS += 1;
      return;
    }
    this.seconds.push(second);
    this.opinions.push(second.mos);
    if (this.seconds.length < windowS) return;
    const now = this.recent;
    this.worst = Math.min(this.worst, now.mos);
    if (now.mos < 3.6) this.badS += 1;
  }

  /** The mean of the last five seconds. */
  get recent(): Second {
    return mean(this.seconds.slice(-windowS));
  }

  get sum(): LineSum | null {
    if (this.seconds.length === 0) return null;
    const whole = mean(this.seconds);
    const { mos, lossIn, lossOut, jitterMs, roundTripMs } = whole;
    const worst = Math.min(this.worst, this.seconds.length < windowS ? mos : 5);
    return { seconds: this.seconds.length, mos, worst, lossIn, lossOut, jitterMs, roundTripMs, badS: this.badS, silentS: this.silentS };
  }
}

function mean(seconds: readonly Second[]): Second {
  const of = (value: (second: Second) => number): number => seconds.reduce((sum, second) => sum + value(second), 0) / Math.max(1, seconds.length);
  return {
    lossIn: of((each) => each.lossIn), lossOut: of((each) => each.lossOut), jitterMs: of((each) => each.jitterMs),
    roundTripMs: of((each) => each.roundTripMs), delayMs: of((each) => each.delayMs), mos: of((each) => each.mos), heard: of((each) => each.heard), silent: false,
  };
}
