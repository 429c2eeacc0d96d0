// Everything that can be done by key or by name, as it stands in this moment.
import { body, state } from "./agent_state";
import { openFollowUpForm, openHelp, openTicketForm } from "./beside";
import { answer, hangUp, toggleHold, toggleMute } from "./desk_phone";
import { isNumber, openDial } from "./dial";
import { openHandOver } from "./hand_over";
import { openKeypad } from "./keypad";
import { noteField } from "./notes";
import { offerCommands } from "./offer";
import { all } from "./page";
import type { Command } from "./palette";
import { recordingCommands } from "./recording_pause";
import { openKeymap } from "./sheet";
import { openMyDay, openMyShifts } from "./keys";
import { openSoundTest } from "./sound_test";
import { chooseAfterCall, chooseState } from "./state_menu";
import { nextTheme } from "./theme";
import { toast } from "./toast";
import { extendWrapUp, saveWrapUp } from "./wrap_up";
import { word } from "./words";

const reasons = ["break", "meal", "training", "meeting", "paperwork"] as const;

/** The number that was typed as a command, where there is one. */
export function typedCommand(text: string): Command | null {
  if (body.dataset["mayDial"] === undefined || !isNumber(text)) return null;
  if (!mayDial()) return { label: word("dial_after_call", { number: text }), key: "", run: () => toast(word("dial_not_now")) };
  return { label: word("do_dial_number", { number: text }), key: "", run: () => void openDial(text) };
}

const dialStates = ["READY", "NOT_READY", "WRAP_UP"];
const mayDial = (): boolean => body.dataset["mayDial"] !== undefined && dialStates.includes(state());

/** The commands that make sense now, the likeliest first. */
export function commands(): Command[] {
  const now = state();
  const found: Command[] = [];
  const add = (label: string, key: string, run: () => void): number => found.push({ label, key, run });
  const here = body.dataset["phoneKind"] === "web"; // a desk phone has keys of its own
  if (here && now === "RINGING") add(word("do_answer"), "F4", answer);
  if (here && (now === "RINGING" || now === "TALKING")) add(word("do_hang_up"), "F9", hangUp);
  if (here && now === "TALKING") {
    add(word("do_hold"), "F6", toggleHold);
    add(word("do_mute"), "F7", toggleMute);
    add(word("do_keypad"), "Alt D", openKeypad);
  }
  if (now === "TALKING") add(word("do_hand_over"), "F8", () => void openHandOver());
  found.push(...recordingCommands());
  for (const button of all("#work [data-consult]")) add(...named(button), () => button.click());
  if (now === "WRAP_UP") {
    add(word("do_save"), "Ctrl Enter", () => void saveWrapUp(true));
    add(word("do_save_break"), "", () => void saveWrapUp(false));
    if (document.querySelector("#work [data-do=extend]")) add(word("do_extend"), "Alt A", () => void extendWrapUp());
  }
  for (const button of all("#work [data-reached]")) add(button.textContent.trim(), "", () => button.click());
  for (const button of all('#work [data-script]:not([aria-current="true"])')) {
    add(word("do_script", { script: button.textContent.trim() }), "", () => button.click());
  }
  found.push(...offerCommands());
  if (mayDial()) add(word("do_dial"), "Alt C", () => void openDial());
  add(word("do_help"), "Alt K", openHelp);
  if (noteField()) {
    add(word("do_ticket"), "Alt T", openTicketForm);
    add(word("do_follow_up"), "Alt P", openFollowUpForm);
  }
  if (noteField()) add(word("do_note"), "Alt N", () => noteField()?.focus());
  if (now === "NOT_READY") add(word("do_ready"), "F2", () => void chooseState("ready"));
  if (now === "READY" || now === "NOT_READY") {
    for (const reason of reasons) {
      const label = word("do_not_ready", { reason: word(`reason_${reason}`) });
      add(label, "", () => void chooseState("not_ready", reason));
    }
  }
  if (now === "RINGING" || now === "TALKING" || now === "WRAP_UP") {
    for (const reason of ["", ...reasons]) {
      if (now === "RINGING" && !reason) continue;
      const what = reason ? word(`reason_${reason}`) : word("do_ready");
      const decline = (): void => void chooseAfterCall(reason).then((taken) => taken && hangUp());
      add(word(now === "RINGING" ? "do_decline" : "do_after_call", { reason: what }), "", now === "RINGING" ? decline : () => void chooseAfterCall(reason));
    }
  }
  add(word("do_sound"), "Alt H", openSoundTest);
  add(word("do_my_day"), "Alt J", openMyDay);
  add(word("do_my_shifts"), "Alt W", openMyShifts);
  add(word("do_keymap"), "?", openKeymap);
  add(word("do_theme"), "", nextTheme);
  if (now === "READY" || now === "NOT_READY") add(word("do_log_out"), "", () => void chooseState("log_out"));
  const known = new Set(found.map((command) => command.label));
  for (const button of all("#work button:not([disabled]), #work a[href], .rail a[href], .rail__languages button")) {
    const [label, key] = named(button);
    if (!label || known.has(label) || stands(button)) continue;
    known.add(label);
    add(label, key, () => button.click());
  }
  return found;
}

/** What a button says, and the key that is written on it. */
function named(button: HTMLElement): [string, string] {
  const said = button.cloneNode(true) as HTMLElement;
  const key = said.querySelector("kbd")?.textContent.trim() ?? "";
  for (const mark of all("kbd, .rail__number, .tab__count", said)) mark.remove();
  const text = (said.textContent ?? "").replace(/\s+/g, " ").trim();
  return [text.length > 3 ? text : button.title || text, key];
}

/** Whether a button is not shown now, or stands above under a name of its own. */
function stands(button: HTMLElement): boolean {
  const { do: does, state: toState, after, decline, script, consult, offered, solved, beside, reached } = button.dataset;
  const own = [does, toState, after, decline, script, consult, offered, solved, beside, reached];
  return own.some((each) => each !== undefined) || button.closest("[hidden]") !== null;
}
