// The state control: ready, not ready with a reason, log out.
import { state } from "./agent_state";
import { post, Problem } from "./api";
import { all, byId } from "./page";
import { toast } from "./toast";
import { word } from "./words";

/** F2: from not ready straight to ready; from ready to the list of reasons. */
export function toggleState(): void {
  if (state() === "NOT_READY") void chooseState("ready");
  else if (["READY", "RINGING", "TALKING", "WRAP_UP"].includes(state())) openMenu();
  else toast(word("in_call_first"));
}

/** Open the list, or close it. */
export function openMenu(): void {
  const menu = byId("state-menu");
  const button = byId("state-button");
  if (!menu || !button || button.getAttribute("aria-disabled") === "true") return;
  if (!menu.hidden) return closeMenu();
  menu.hidden = false;
  button.setAttribute("aria-expanded", "true");
  menu.querySelector<HTMLElement>("[role=menuitem]")?.focus();
}

export function closeMenu(): void {
  const menu = byId("state-menu");
  if (!menu || menu.hidden) return;
  menu.hidden = true;
  byId("state-button")?.setAttribute("aria-expanded", "false");
  byId("state-button")?.focus();
}

/** Arrow keys within the open list. True when the key was for it. */
export function menuKey(key: string): boolean {
  const menu = byId("state-menu");
  if (!menu || menu.hidden) return false;
  const items = all("[role=menuitem]", menu);
  const at = items.indexOf(document.activeElement as HTMLElement);
  if (key === "ArrowDown") items[(at + 1) % items.length]?.focus();
  else if (key === "ArrowUp") items[(at - 1 + items.length) % items.length]?.focus();
  else if (key === "Escape") closeMenu();
  else return false;
  return true;
}

/** What comes after the call: ready (""), or not ready with a reason. True when it was taken. */
export async function chooseAfterCall(reason: string): Promise<boolean> {
  closeMenu();
  try {
    await post("/api/after-call", { reason });
    return true;
  } catch (error) {
    toast(error instanceof Problem ? error.message : word("failed"));
    return false;
  }
}

/** Ask for a state; the stream brings what comes of it. */
export async function chooseState(wanted: string, reason = ""): Promise<void> {
  closeMenu();
  try {
    if (wanted === "log_out") {
      await post("/api/log-out", {});
      window.location.assign("/login");
      return;
    }
    await post("/api/state", wanted === "ready" ? { state: wanted } : { state: wanted, reason });
  } catch (error) {
    toast(error instanceof Problem ? error.message : word("failed"));
  }
}
