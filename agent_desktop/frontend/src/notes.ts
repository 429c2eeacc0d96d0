// Notes and the chosen disposition: kept on the server while they are typed, so that nothing is lost by a reload.
import { interaction } from "./agent_state";
import { post } from "./api";
import { all, byId } from "./page";
import { Shelf } from "./unsent_text";
import { word } from "./words";

/** The work area is another one since a disposition was chosen: the event's detail is its HTML. */
export const CHANGED_BY_DRAFT = "halo:work-area";

const pauseMs = 400;
const retryMs = 2000;
const chosen = new Map<string, string>();
let timer = 0;
let unsaved = false;

/** What the server has not got yet, by interaction: a page that is closed meanwhile finds it when it is open again. */
const agent = document.body.dataset["agent"] ?? "";
const shelf = (id: string): Shelf => new Shelf("note", agent, id);

/** The note field of the call in hand. */
export function noteField(): HTMLTextAreaElement | null {
  return document.querySelector<HTMLTextAreaElement>("#work [data-note]");
}

/** The disposition chosen for the call in hand, "" for none. */
export function chosenCode(): string {
  return chosen.get(interaction()) ?? noteField()?.dataset["code"] ?? "";
}

/** Choose a disposition; the same again takes the choice back. */
export function choose(code: string): void {
  chosen.set(interaction(), chosenCode() === code ? "" : code);
  paintChoice();
  if (!(document.activeElement instanceof HTMLTextAreaElement)) {
    document.querySelector<HTMLElement>('#work [aria-checked="true"]')?.focus();
  }
  keepSoon(0);
}

/** Mark the chosen disposition in what is shown now. */
export function paintChoice(): void {
  const code = chosenCode();
  for (const button of all("#work [data-code]")) {
    if (button instanceof HTMLTextAreaElement) continue;
    const on = String(button.dataset["code"] === code);
    button.setAttribute(button.getAttribute("role") === "radio" ? "aria-checked" : "aria-pressed", on);
  }
}

/** Keep what is typed, a moment from now. */
export function keepSoon(afterMs = pauseMs): void {
  unsaved = true;
  shelve();
  say("");
  window.clearTimeout(timer);
  timer = window.setTimeout(() => void keep(), afterMs);
}

/** Keep it now, also while the page is being left. */
export async function keep(leaving = false): Promise<void> {
  const field = noteField();
  window.clearTimeout(timer);
  if (!field || !unsaved) return;
  unsaved = false;
  const draft = { interaction_id: field.dataset["note"] ?? "", note: field.value, code: chosenCode() };
  try {
    const { html } = await post<{ html?: string }>("/api/draft", draft, leaving);
    if (html !== undefined && draft.interaction_id === interaction()) document.dispatchEvent(new CustomEvent(CHANGED_BY_DRAFT, { detail: html }));
    if (!unsaved) {
      shelf(draft.interaction_id).clear();
      say("note_kept");
    }
  } catch {
    say("note_not_kept");
    unsaved = true;
    timer = window.setTimeout(() => void keep(), retryMs);
  }
}

/** Add lines that the server has written into the note; one that stands there already is not added again. */
export function addToNote(lines: readonly string[]): void {
  const field = noteField();
  if (!field) return;
  const there = field.value.split("\n");
  const added = lines.filter((line) => !there.includes(line));
  if (added.length === 0) return;
  field.value = [...(field.value ? [field.value] : []), ...added].join("\n");
  field.scrollTop = field.scrollHeight;
  keepSoon(0);
}

function shelve(): void {
  const field = noteField();
  const id = field?.dataset["note"] ?? "";
  if (field && id) shelf(id).put({ text: field.value, basedOn: 0, mark: chosenCode() });
}

/** Send what was left of calls that are over, to be finished later; nothing of them stays in this browser. */
async function sendLeft(): Promise<void> {
  for (const id of Shelf.names("note", agent).filter((name) => name !== interaction())) {
    const left = shelf(id).left();
    const draft = { interaction_id: id, note: left?.text ?? "", code: left?.mark ?? "" };
    if (left) await post("/api/draft", draft).then(() => shelf(id).clear(), () => undefined); // still away: the next page sends it
    else shelf(id).clear();
  }
}

/** Take up what was typed here and never reached the server: it, or the way to it, was away when the page was closed. */
export function takeUpUnsent(): void {
  void sendLeft();
  const field = noteField();
  const left = field ? shelf(field.dataset["note"] ?? "").left() : null;
  if (!field || !left) return;
  field.value = left.text;
  if (left.mark) chosen.set(interaction(), left.mark);
  keepSoon(0);
}

/** It was saved for good. */
export function forget(id: string): void {
  shelf(id).clear();
  unsaved = false;
  chosen.delete(id);
  window.clearTimeout(timer);
}

function say(key: string): void {
  const line = byId("note-kept");
  if (line) line.textContent = key ? word(key) : "";
}

document.addEventListener("input", (event) => {
  if (event.target === noteField()) keepSoon();
});
window.addEventListener("pagehide", () => void keep(true));
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden") void keep(true);
});
