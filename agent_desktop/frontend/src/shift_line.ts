// What the agent's shift has next, as a quiet line at once; news of shifts in words, only between calls.
import { state } from "./agent_state";
import { byId } from "./page";
import { openMyShifts } from "./keys";
import { toast } from "./toast";
import { word } from "./words";

interface ShiftMessage {
  next: string | null;
  news: string[];
}

const mostSaid = 3;
let unsaid: string[] = [];

/** Take what is pushed over; a line that stays is null. */
export function showShift(message: ShiftMessage): void {
  const line = byId("shift-line");
  if (line && message.next !== null) line.textContent = message.next;
  unsaid = [...unsaid, ...message.news].slice(-mostSaid);
  shiftNewsNow();
}

/** Say what is new, unless a call is in hand; the next change of state asks again. */
export function shiftNewsNow(): void {
  const now = state();
  if (now !== "READY" && now !== "NOT_READY") return;
  for (const text of unsaid) toast(text, { label: word("due_look"), run: openMyShifts });
  unsaid = [];
}
