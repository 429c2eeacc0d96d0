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
import { all } from "./page";
import { openPalette } from "./palette";
import { toggleRecording } from "./recording_pause";
import { openKeymap } from "./sheet";
import { menuKey, toggleState } from "./state_menu";
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

function typing(target: EventTarget | null): boolean {
  return target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement;
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
  else if (event.altKey && !event.ctrlKey && /^Digit\d$/.test(event.code)) pick(Number(event.code.slice(5)));
  else if (event.altKey && !event.ctrlKey && event.code === "KeyN") noteField()?.focus();
  else if (event.altKey && !event.ctrlKey && offerKey(event.code)) event.stopPropagation();
  else if (event.altKey && !event.ctrlKey && event.code === "KeyD") openKeypad();
  else if (event.altKey && !event.ctrlKey && event.code === "KeyR") toggleRecording();
  else if (event.altKey && !event.ctrlKey && event.code === "KeyC") dialHere();
  else if (event.altKey && !event.ctrlKey && event.code === "KeyA" && state() === "WRAP_UP") void extendWrapUp();
  else if (event.altKey && !event.ctrlKey && event.code === "KeyM") consultStep("merge");
  else if (event.altKey && !event.ctrlKey && event.code === "KeyB") consultStep("drop");
  else if (event.altKey && !event.ctrlKey && besideKey(event.code)) event.stopPropagation();
  else if (event.key === "?" && plain && !typing(event.target)) openKeymap();
  else return;
  event.preventDefault();
});
