// The call script: answers, another script, its buttons. The server moves on and gives back the work area.
import { interaction } from "./agent_state";
import { post, Problem } from "./api";
import { addToNote, keep, noteField } from "./notes";
import { byId } from "./page";
import { toast } from "./toast";
import { word } from "./words";

type Show = (html: string) => void;

interface Moved {
  html: string;
  note: string[]; // lines that were added to the note
}

/** Take an answer of the open page; `show` puts the new work area in its place. */
export async function answerScript(answer: string, show: Show): Promise<void> {
  await send("/api/script", { ...openPage(), answer }, show, true);
}

/** Take what was typed into the question of the open page. */
export async function answerQuestion(form: HTMLFormElement, show: Show): Promise<void> {
  await answerScript(form.querySelector("input")?.value ?? "", show);
}

/** Open another script. */
export async function changeScript(script: string, show: Show): Promise<void> {
  const open = byId<HTMLDetailsElement>("script-other");
  if (open) open.open = false;
  await send("/api/script/change", { script }, show, true);
}

/** Press a button of the open page; `at` is a time, where it wants one. */
export async function doAction(does: string, at: string, show: Show): Promise<void> {
  await send("/api/script/action", { ...openPage(), does, at }, show, false);
}

/** What was answered so far comes into view as it is opened, however little room there is. */
export function showGiven(event: Event): void {
  const opened = event.target instanceof HTMLDetailsElement && event.target.id === "given" && event.target.open;
  if (opened) (event.target as HTMLElement).scrollIntoView({ block: "nearest" });
}

/** Close the list of scripts, when it is open; returns whether it was. */
export function closeScripts(): boolean {
  const list = byId<HTMLDetailsElement>("script-other");
  if (!list?.open) return false;
  list.open = false;
  list.querySelector("summary")?.focus();
  return true;
}

/** Which page the agent sees: an answer to one that is not open any more changes nothing. */
function openPage(): { script: string; page: string } {
  const page = byId("choose")?.dataset ?? {};
  return { script: page["scriptOpen"] ?? "", page: page["pageOpen"] ?? "" };
}

async function send(path: string, body: Record<string, string>, show: Show, moves: boolean): Promise<void> {
  const typing = document.activeElement === noteField();
  try {
    await keep(); // the work area that comes back holds the note as it is kept
    const { html, note } = await post<Moved>(path, { interaction_id: interaction(), ...body });
    show(html);
    if (note.length > 0) addToNote(note);
    if (moves && !typing) focusQuestion();
  } catch (error) {
    toast(error instanceof Problem ? error.message : word("failed"));
    byId("choose")?.querySelector<HTMLElement>("[data-typed]")?.focus();
  }
}

/** Where the next answer is given: unless the agent is writing the note. */
function focusQuestion(): void {
  const choose = byId("choose");
  const typed = choose?.querySelector<HTMLInputElement>("[data-typed]");
  const next = typed ?? choose?.querySelector<HTMLElement>('.answer-choice[aria-current="true"]') ?? choose?.querySelector<HTMLElement>(".answer-choice");
  next?.focus({ preventScroll: true });
  if (typed?.type === "text") typed.select(); // what was answered before: to be kept, or typed over
}
