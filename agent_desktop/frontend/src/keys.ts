// The keyboard: the same everywhere on the agent's page, also while a note is typed.
import { state } from "./agent_state";
import { besideKey } from "./beside";
import { consultStep } from "./consult";
import { answer, hangUp, toggleHold, toggleMute } from "./desk_phone";
import { dialHere } from "./dial";
import { openHandOver } from "./hand_over";
import { openKeypad } from "./keypad";
import { noteField } from "./notes";
import { offerKey } from "./offer";
import { all, typing } from "./page";
import { openPalette } from "./palette";
import { toggleRecording } from "./recording_pause";
import { openKeymap } from "./sheet";
import { menuKey, toggleState } from "./state_menu";
import { openSoundTest } from "./sound_test";
import { extendWrapUp, saveWrapUp } from "./wrap_up";

const functionKeys: Readonly<Record<string, () => void>> = {
  F2: toggleState,
  F4: answer,
  F6: () => {
    if (!consultStep("swap")) toggleHold();
  },
  F7: toggleMute,
  F8: () => void openHandOver(),
  F9: hangUp,
};

/** Click the answer or disposition with this number; 0 is one page back. */
function pick(number: number): void {
  if (number === 0) {
    document.querySelector<HTMLElement>('#middle [data-answer="back"]')?.click();
    return;
  }
  const choices = all('#middle button[data-answer]:not([data-answer="back"]), #middle button[data-code]');
  choices[number - 1]?.click();
}

/** My day, in a tab of its own: this page is also the phone and stays. */
export function openMyDay(): void {
  window.open("/my-day", "_blank", "noopener");
}

/** My shifts, in a tab of its own, too. */
export function openMyShifts(): void {
  window.open("/my-shifts", "_blank", "noopener");
}

/** Alt and one of these; what belongs to the offer or opens beside the call is asked first. */
const altKeys: Readonly<Record<string, () => void>> = {
  KeyN: () => noteField()?.focus(),
  KeyA: () => {
    if (state() === "WRAP_UP") void extendWrapUp();
  },
  KeyC: dialHere,
  KeyD: openKeypad,
  KeyR: toggleRecording,
  KeyM: () => consultStep("merge"),
  KeyB: () => consultStep("drop"),
  KeyH: openSoundTest,
  KeyJ: openMyDay,
  KeyW: openMyShifts,
};

function altKey(code: string): boolean {
  if (offerKey(code) || besideKey(code)) return true;
  if (/^Digit\d$/.test(code)) pick(Number(code.slice(5)));
  else if (altKeys[code]) altKeys[code]();
  else return false;
  return true;
}

document.addEventListener("keydown", (event) => {
  const inDialog = document.querySelector("dialog[open]") !== null;
  const plain = !event.ctrlKey && !event.altKey && !event.metaKey;
  const act = functionKeys[event.key];
  if (act && plain) act();
  else if (menuKey(event.key)) event.stopPropagation();
  else if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") openPalette();
  else if (inDialog) return;
  else if (event.ctrlKey && event.key === "Enter" && state() === "WRAP_UP") void saveWrapUp(true);
  else if (event.altKey && !event.ctrlKey && altKey(event.code)) event.stopPropagation();
  else if (event.key === "?" && plain && !typing(event.target)) openKeymap();
  else return;
  event.preventDefault();
});
