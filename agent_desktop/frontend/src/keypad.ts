// Keys to the other side: by mouse, or typed while the pad is open.
import { state } from "./agent_state";
import { sendKey } from "./desk_phone";
import { byId } from "./page";

const pad = byId<HTMLDialogElement>("keypad");
const shown = byId("keypad-sent");
const mostShown = 24;

/** Open the pad, in a talk. */
export function openKeypad(): void {
  if (!pad || pad.open || state() !== "TALKING") return;
  if (shown) shown.textContent = "";
  pad.showModal();
  pad.querySelector<HTMLElement>("[data-key]")?.focus();
}

function press(key: string): void {
  if (sendKey(key) && shown) shown.textContent = ((shown.textContent ?? "") + key).slice(-mostShown);
}

pad?.addEventListener("keydown", (event) => {
  if (!/^[0-9*#]$/.test(event.key) || event.ctrlKey || event.altKey || event.metaKey) return;
  event.preventDefault();
  press(event.key);
});
pad?.addEventListener("click", (event) => {
  const key = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-key]")?.dataset["key"] : undefined;
  if (key) press(key);
});
pad?.addEventListener("close", () => {
  if (shown) shown.textContent = ""; // what was typed may be a secret of the caller's
});
