// How the line is, once a second, from the browser's own figures: received packets, loss, jitter, round trip.
import { byId } from "./page";
import { word } from "./words";

type Level = "good" | "fair" | "bad";

interface Figures {
  received: number;
  lost: number;
  jitterMs: number;
  roundTripMs: number;
}

const roughLoss = { fair: 0.01, bad: 0.04 };
const roughJitterMs = { fair: 30, bad: 60 };
const roughRoundTripMs = { fair: 250, bad: 450 };

/** The worst of the three figures decides. */
export function level(loss: number, jitterMs: number, roundTripMs: number): Level {
  const over = (limit: "fair" | "bad"): boolean =>
    loss > roughLoss[limit] || jitterMs > roughJitterMs[limit] || roundTripMs > roughRoundTripMs[limit];
  return over("bad") ? "bad" : over("fair") ? "fair" : "good";
}

async function read(connection: RTCPeerConnection): Promise<Figures> {
  const figures: Figures = { received: 0, lost: 0, jitterMs: 0, roundTripMs: 0 };
  for (const report of (await connection.getStats()).values() as Iterable<Record<string, unknown>>) {
    const number = (name: string): number => (typeof report[name] === "number" ? (report[name] as number) : 0);
    if (report["type"] === "inbound-rtp" && report["kind"] === "audio") {
      figures.received += number("packetsReceived");
      figures.lost += Math.max(0, number("packetsLost"));
      figures.jitterMs = number("jitter") * 1000;
    }
    if (report["type"] === "remote-inbound-rtp") figures.roundTripMs = number("roundTripTime") * 1000;
  }
  return figures;
}

/** Watch a connection until the returned function is called. */
export function watchLine(connection: RTCPeerConnection): () => void {
  let before: Figures = { received: 0, lost: 0, jitterMs: 0, roundTripMs: 0 };
  const look = async (): Promise<void> => {
    if (connection.connectionState === "closed") return;
    const now = await read(connection).catch(() => before);
    const received = now.received - before.received;
    const lost = Math.max(0, now.lost - before.lost);
    document.documentElement.dataset["packetsReceived"] = String(now.received);
    if (received + lost > 0) show(level(lost / (received + lost), now.jitterMs, now.roundTripMs));
    before = now;
  };
  const timer = window.setInterval(() => void look(), 1000);
  return () => {
    window.clearInterval(timer);
    delete document.documentElement.dataset["packetsReceived"];
  };
}

function show(now: Level): void {
  const box = byId("quality");
  const words = byId("quality-words");
  if (!box || !words) return;
  box.hidden = false;
  box.dataset["level"] = now;
  box.title = now === "bad" ? word("line_bad_hint") : "";
  words.textContent = word(`line_${now}`);
}
