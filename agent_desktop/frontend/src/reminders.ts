// What an agent has promised and is due: a number in the rail at once, words only between calls.
import { state } from "./agent_state";
import { byId } from "./page";
import { toast } from "./toast";
import { word } from "./words";

interface Due {
  due: number;
  first: string;
}

let unsaid: Due | null = null;
let shown = Number(byId("follow-ups-due")?.dataset["open"] ?? 0);

/** Take a new count over; when it has grown, it is said as soon as no call is in hand. */
export function remind(message: Due): void {
  const badge = byId("follow-ups-due");
  const number = badge?.querySelector("span");
  if (badge && number) {
    badge.dataset["open"] = String(message.due);
    number.textContent = message.due > 99 ? "99+" : String(message.due);
  }
  unsaid = message.due > shown ? message : message.due ? unsaid : null;
  shown = message.due;
  remindNow();
}

/** Say what is due, unless a call is in hand; the next change of state asks again. */
export function remindNow(): void {
  const now = state();
  if (!unsaid || (now !== "READY" && now !== "NOT_READY")) return;
  const { due, first } = unsaid;
  unsaid = null;
  const text = due > 1 ? word("due_more", { what: first, count: String(due - 1) }) : word("due_now", { what: first });
  toast(text, { label: word("due_look"), run: () => void window.open("/follow-ups", "_blank", "noopener") });
}
