// F8: to whom the caller goes, chosen by typing; and what became of every order about the call in hand.
import { interaction, state } from "./agent_state";
import { post, Problem } from "./api";
import { tick } from "./clock";
import { consultStep } from "./consult";
import { above, all, byId } from "./page";
import { closeSheet, openSheet } from "./sheet";
import { toast } from "./toast";
import { hasWord, word } from "./words";

type Words = (why: string) => string;

const answerWithinMs = 7000;
const waiting = new Map<string, { timer: number; words: Words }>(); // orders that nobody has answered yet, by key

/** Open the dialog, in a talk. */
export async function openHandOver(): Promise<void> {
  if (consultStep("complete")) return;
  if (state() !== "TALKING" || document.querySelector("dialog[open]")) return;
  await openSheet("/api/hand-over");
  const field = byId<HTMLInputElement>("hand-over-to");
  if (!field) return;
  field.addEventListener("input", filter);
  field.addEventListener("keydown", move);
  filter();
  tick();
  field.focus();
}

function rows(): HTMLElement[] {
  return all(".hand-over__row").filter((row) => !row.hidden);
}

/** Who does not take calls is shown, and can't be given one. */
function takesCalls(row: HTMLElement | undefined): boolean {
  return row !== undefined && row.getAttribute("aria-disabled") !== "true";
}

/** A queue can't be asked, nor who is busy. */
function canBeAsked(row: HTMLElement | undefined): boolean {
  return takesCalls(row) && (row?.dataset["how"] === "outside" || row?.dataset["person"] === "READY");
}

function choose(row: HTMLElement | undefined): void {
  const ask = document.querySelector<HTMLButtonElement>("[data-ask-first]");
  if (ask) ask.disabled = !canBeAsked(row);
  say("");
  for (const each of all(".hand-over__row")) each.setAttribute("aria-selected", String(each === row));
  row?.scrollIntoView({ block: "nearest" });
  byId("hand-over-to")?.setAttribute("aria-activedescendant", row?.id ?? "");
}

function filter(): void {
  const text = (byId<HTMLInputElement>("hand-over-to")?.value ?? "").trim();
  const wanted = text.toLowerCase();
  const outside = byId("to-outside");
  for (const row of all(".hand-over__row")) {
    if (row === outside) continue;
    row.hidden = !(row.textContent.toLowerCase().includes(wanted) || row.dataset["to"] === wanted);
  }
  if (outside) {
    outside.hidden = !/^[+0-9][0-9 ().\-/]{4,}$/.test(text);
    outside.dataset["to"] = text;
    const number = outside.querySelector("[data-number]");
    if (number) number.textContent = text;
  }
  const none = document.querySelector<HTMLElement>("[data-none]");
  if (none) none.hidden = rows().length > 0;
  choose(wanted ? rows()[0] : undefined); // an Enter too early gives the caller to nobody
}

function say(text: string): void {
  const line = byId("hand-over-words");
  if (line) line.textContent = text;
}

function move(event: KeyboardEvent): void {
  const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
  if (!step) return;
  event.preventDefault();
  const shown = rows();
  const at = shown.findIndex((row) => row.getAttribute("aria-selected") === "true");
  choose(shown[at < 0 ? (step > 0 ? 0 : shown.length - 1) : (at + step + shown.length) % shown.length]);
}

async function submit(form: HTMLFormElement, path: string): Promise<void> {
  const row = form.querySelector<HTMLElement>('.hand-over__row[aria-selected="true"]');
  if (!row || row.hidden) say(word("hand_over_whom"));
  else if (!takesCalls(row)) say(word("hand_over_away"));
  else if (path === "/api/consult" && !canBeAsked(row)) say(word("hand_over_no_asking"));
  else await send(form, path, row);
}

async function send(form: HTMLFormElement, path: string, row: HTMLElement): Promise<void> {
  const chosen = new FormData(form);
  const [why, note] = [chosen.get("why"), chosen.get("note")].map((value) => (typeof value === "string" ? value : ""));
  await order(path, { how: row.dataset["how"], to: row.dataset["to"], why, note });
}

/** Give an order about the call in hand; says so when nobody obeys. True when it was taken. */
export async function order(path: string, fields: Readonly<Record<string, unknown>>): Promise<boolean> {
  try {
    const { asked } = await post<{ asked: string }>(path, { interaction_id: interaction(), ...fields });
    closeSheet();
    expectAnswer(asked, controlWords);
    return true;
  } catch (error) {
    const text = error instanceof Problem ? error.message : word("failed");
    const line = byId("hand-over-words");
    if (line?.closest("dialog[open]")) say(text);
    else toast(text);
    return false;
  }
}

const controlWords: Words = (why) => word(hasWord(`control_${why}`) ? `control_${why}` : "control_failed");

/** An order was taken: say so when nobody obeys. `words` says why it was not done. */
export function expectAnswer(asked: string, words: Words): void {
  const timer = window.setTimeout(() => settled({ asked, done: false, why: "no_answer" }), answerWithinMs);
  waiting.set(asked, { timer, words });
}

/** What came of an order, as the stream tells it. */
export function settled(told: { asked: string; done: boolean; why: string }): void {
  const order = waiting.get(told.asked);
  if (!order) return;
  window.clearTimeout(order.timer);
  waiting.delete(told.asked);
  if (!told.done) toast(order.words(told.why));
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || !form.matches("[data-hand-over]")) return;
  event.preventDefault();
  void submit(form, "/api/hand-over");
});
document.addEventListener("click", (event) => {
  const row = above(event.target, ".hand-over__row");
  if (row) choose(row);
  const form = above(event.target, "[data-hand-over]");
  if (above(event.target, "[data-ask-first]") && form instanceof HTMLFormElement) void submit(form, "/api/consult");
});
document.addEventListener("keydown", (event) => {
  const form = above(event.target, "[data-hand-over]");
  if (event.key !== "Enter" || !event.ctrlKey || !(form instanceof HTMLFormElement)) return;
  event.preventDefault();
  void submit(form, "/api/consult");
});
