// A caller on hold must not be forgotten: how long it has been, and a reminder each time it is too long again.
import { factsAtFirst, interaction } from "./agent_state";
import { serverNow, tick } from "./clock";
import { byId } from "./page";
import { playReminder } from "./ringer";
import { toast } from "./toast";
import { word } from "./words";

const limitS = Number(document.body.dataset["holdReminder"]) || 90;
let since = 0; // by the server's clock; 0: nobody is on hold
let timer = 0;
let found = factsAtFirst.held_since ? factsAtFirst : null; // whom the page found on hold when it was loaded
const foundForMs = 30_000;

/** Somebody is on hold, or nobody is any more. */
export function watchHold(held: boolean): void {
  if (held === since > 0) return;
  window.clearInterval(timer);
  since = held ? beginning() : 0;
  if (held) timer = window.setInterval(remind, limitS * 1000);
}

/** Now, or since before the page was loaded anew. */
function beginning(): number {
  const before = found?.interaction === interaction() && performance.now() < foundForMs ? Date.parse(found.held_since) : 0;
  found = null;
  return before || serverNow();
}

/** Since when somebody is on hold, as the running times of the page want it; "" for nobody. */
export const heldSince = (): string => (since ? new Date(since).toISOString() : "");

/** Show how long it has been beside the words of the controls. */
export function paintHoldTime(words: string): void {
  const line = byId("call-words");
  if (!line) return;
  if (line.dataset["words"] === words + heldSince()) return;
  line.dataset["words"] = words + heldSince();
  line.textContent = words;
  if (!since) return;
  const time = document.createElement("b");
  time.className = "num hold-time";
  time.id = "hold-time";
  Object.assign(time.dataset, { since: heldSince(), lateSince: heldSince(), lateAfter: String(limitS) });
  line.append(" ", time);
  tick();
}

function remind(): void {
  const text = word("hold_long");
  toast(text);
  const announcer = byId("announcer");
  if (announcer) announcer.textContent = text;
  playReminder();
}
