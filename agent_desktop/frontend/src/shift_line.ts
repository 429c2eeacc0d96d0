// What the agent's shift has next, as a quiet line; and news of shifts, in words that go away by themselves.
import { byId } from "./page";
import { openMyShifts } from "./keys";
import { toast } from "./toast";
import { word } from "./words";

interface ShiftMessage {
  next: string | null;
  news: string[];
}

/** Take what is pushed over; a line that stays is null. */
export function showShift(message: ShiftMessage): void {
  const line = byId("shift-line");
  if (line && message.next !== null) line.textContent = message.next;
  for (const text of message.news) toast(text, { label: word("due_look"), run: openMyShifts });
}
