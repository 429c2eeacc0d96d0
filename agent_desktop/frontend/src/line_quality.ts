// How the line is, live in the call: a word, the figures, a picture of the last minute; and what to do when it is bad.
import { levelOf, type Level } from "./e_model";
import { followLine, LineStory, type LineSum, type Second } from "./line_figures";
import { byId } from "./page";
import { toast } from "./toast";
import { word } from "./words";

const shownS = 60;
const silentAfterS = 3;
const sayAgainMs = 60_000;
const [width, height] = [60, 16];

let story: LineStory | null = null;
let saidAt = 0;

/** What makes a line bad, as a key of the page's words. */
export function causeOf(now: Second): string {
  if (now.delayMs > 300) return "line_late";
  if (now.lossOut > now.lossIn) return "line_lost_out";
  return now.jitterMs > 40 ? "line_shaky" : "line_lost_in";
}

/** Watch a connection until the returned function is called, which gives the sum of it: null when nothing was measured. */
export function watchLine(connection: RTCPeerConnection, onHold: () => boolean): () => LineSum | null {
  const own = (story = new LineStory());
  const stop = followLine(connection, (second) => {
    own.take(second, onHold());
    paintLine();
    sayWhenBad(own);
  });
  return () => {
    stop();
    if (story === own) story = null;
    return own.sum;
  };
}

/** Show the line as it is now, in whatever the work area shows. */
export function paintLine(): void {
  const box = byId("quality");
  const words = byId("quality-words");
  if (!box || !words) return;
  box.hidden = !story?.opinions.length && !isSilent(story);
  if (!story || box.hidden) return;
  const now = story.recent;
  const level: Level = isSilent(story) ? "bad" : levelOf(now.mos);
  box.dataset["level"] = level;
  box.title = isSilent(story) ? word("line_silent") : figures(now) + (level === "bad" ? ` ${word(causeOf(now))}` : "");
  words.textContent = isSilent(story) ? word("line_no_sound") : word(`line_${level}`);
  byId("quality-mos")?.replaceChildren(isSilent(story) ? "" : now.mos.toFixed(1));
  byId("quality-curve")?.setAttribute("points", curve(story.opinions.slice(-shownS)));
}

const isSilent = (of: LineStory | null): boolean => (of?.silentForS ?? 0) >= silentAfterS;

/** The figures in words, for who points at them and for screen readers. */
export function figures(now: Pick<Second, "mos" | "roundTripMs" | "jitterMs" | "lossIn" | "lossOut">): string {
  return word("line_figures", {
    mos: now.mos.toFixed(1), trip: String(Math.round(now.roundTripMs)), jitter: String(Math.round(now.jitterMs)),
    in: (now.lossIn * 100).toFixed(1), out: (now.lossOut * 100).toFixed(1),
  });
}

/** Points of the picture: MOS 1 at the bottom, 4.5 at the top, the newest at the right. */
export function curve(opinions: readonly number[]): string {
  const left = width - (opinions.length - 1);
  return opinions.map((mos, at) => `${left + at},${(height - 1 - ((mos - 1) / 3.5) * (height - 2)).toFixed(1)}`).join(" ");
}

function sayWhenBad(of: LineStory): void {
  const bad = isSilent(of) || (of.opinions.length >= 5 && levelOf(of.recent.mos) === "bad");
  if (!bad || Date.now() - saidAt < sayAgainMs) return;
  saidAt = Date.now();
  const text = isSilent(of) ? word("line_silent") : `${word("line_is_bad")} ${word(causeOf(of.recent))}`;
  toast(text);
  const announcer = byId("announcer");
  if (announcer) announcer.textContent = text;
}
