// The page on which a script is edited: text, check, map, a walk through it, what changes, publishing and trials, versions.
import "./common";
import { post, Problem as Refusal } from "./api";
import { Versions } from "./bring_back";
import { Editing, toVersions, type Start, type TextStatus } from "./editing";
import { above, all, bringIntoView, byId } from "./page";
import { followPromises } from "./promises";
import { Walker } from "./script_walk";
import { Stream } from "./stream";
import type { CheckedText } from "./text_draft";
import { TextEditor } from "./text_editor";
import { chosenTexts, refreshVersions, showDifference, tell } from "./text_versions";
import { setUpTextPage } from "./text_page";
import { toast } from "./toast";
import { word } from "./words";
import { replace } from "./work_area";

/** What the server says of a script. Without `pages` it could not be read. */
interface Checked extends CheckedText {
  pages?: { name: string; first: number; last: number }[];
  picture?: string;
  difference?: string;
}

interface Pushed extends TextStatus {
  trial: { number: number; percent: number } | null;
}

const facts = document.body.dataset;
const api = `/api/scripts/${facts["script"] ?? ""}`;
const start = JSON.parse(byId("script-start")?.textContent ?? "{}") as Start;
let pages: NonNullable<Checked["pages"]> = [];
let walkedTo = "";

const text: TextEditor = new TextEditor(byId("editor") ?? document.body, start.text, {
  changed: () => editing.draft.touch(),
  moved: () => mark(),
});
const walker = new Walker(api, (page) => {
  walkedTo = page;
  mark();
});
const editing: Editing<Checked> = new Editing(api, "script", facts["script"] ?? "", text, start, { checked, others: "script_others" });
const { draft, problems } = editing;
new Versions(api, () => editing.inForce, (number) => {
  tellDone(word("script_brought_back", { number: String(number) }));
  void refreshVersions(api);
});

function checked(answer: Checked): void {
  const readable = answer.pages !== undefined;
  const stale = byId("stale");
  if (stale) stale.hidden = readable;
  if (!answer.pages) return;
  pages = answer.pages;
  const [picture, difference] = [byId("picture"), byId("difference")];
  if (picture && answer.picture !== undefined) replace(picture, answer.picture);
  if (difference && answer.difference !== undefined) difference.innerHTML = answer.difference;
  mark();
  void walker.show();
}

/** Mark on the map the page that the cursor is in, and the one on which the walk stands. */
function mark(): void {
  const line = text.cursorLine;
  const name = pages.find((page) => page.first <= line && line <= page.last)?.name ?? "";
  for (const node of all<SVGElement>("#picture a[data-page]")) {
    const here = node.dataset["page"] === name;
    if (here && !node.classList.contains("here")) bringIntoView(byId("picture"), node);
    node.classList.toggle("here", here);
    node.classList.toggle("walked", node.dataset["page"] === walkedTo);
  }
}

function tellDone(words: string): void {
  const done = byId("published");
  if (!done) return;
  done.textContent = words;
  done.hidden = false;
}

function pushed(message: Pushed): void {
  const tag = byId("trial");
  if (tag) tag.hidden = message.trial === null;
  if (tag && message.trial) {
    tag.textContent = word("script_on_trial", { number: String(message.trial.number), percent: String(message.trial.percent) });
  }
  editing.pushed(message);
}

async function askPublish(): Promise<void> {
  const dialog = byId<HTMLDialogElement>("publish");
  if (!dialog || dialog.open) return;
  await draft.now();
  if (!editing.changed) {
    toast(word("edit_nothing_changed"));
    return;
  }
  const [faults, hints] = [problems.faultWords(), problems.hintWords()];
  tell("publish-problem", faults ? word("edit_mend_first", { count: faults }) : "");
  const words = byId("publish-warnings");
  if (words) words.textContent = hints ? word("edit_warnings_remain", { count: hints }) : "";
  dialog.showModal();
  byId("note")?.focus();
  await showDifference(api, "publish-difference", String(editing.inForce), "draft");
}

async function publish(form: HTMLFormElement): Promise<void> {
  const button = byId<HTMLButtonElement>("publish-now");
  const fields = new FormData(form);
  const note = String(fields.get("note") ?? "").trim();
  if (!button || button.disabled) return;
  if (!note) {
    tell("publish-problem", word("edit_note_missing"));
    return;
  }
  const percent = fields.get("how") === "share" ? Number(fields.get("percent")) : 0;
  button.disabled = true;
  try {
    const body = { text: text.text, note, based_on: draft.basedOn, percent };
    const { number } = await post<{ number: number }>(`${api}/publish`, body);
    byId<HTMLDialogElement>("publish")?.close();
    form.reset();
    if (percent) tellDone(word("script_tried", { number: String(number), percent: String(percent) }));
    else {
      editing.isInForce(number);
      tellDone(word("script_published", { number: String(number) }));
    }
    void refreshVersions(api);
  } catch (error) {
    tell("publish-problem", error instanceof Refusal ? error.message : word("failed"));
  } finally {
    button.disabled = false;
  }
}

async function drop(): Promise<void> {
  await editing.throwAway();
  if (facts["new"] && !editing.inForce) window.location.assign("/scripts");
}

const digitOf = (event: KeyboardEvent): string =>
  event.altKey && !event.ctrlKey && !event.metaKey ? (/^(?:Digit|Numpad)(\d)$/.exec(event.code)?.[1] ?? "") : "";

setUpTextPage({
  text,
  problems,
  check: () => void draft.now(),
  publish: () => void askPublish(),
  drop: () => void drop(),
  home: "walk",
  side: "#walked",
  otherKey(event) {
    const digit = digitOf(event);
    return digit !== "" && walker.key(digit);
  },
  commands: () => [
    { label: word("script_publish"), key: "Ctrl ↵", run: () => void askPublish() },
    { label: word("script_versions"), key: "", run: toVersions },
  ],
  places: () =>
    pages.map((page) => ({
      label: word("script_to_page", { name: page.name }),
      key: word("edit_line", { line: String(page.first) }),
      run: () => text.goTo(page.first),
    })),
});
document.addEventListener("click", (event) => {
  const node = above(event.target, "#picture a[data-line]");
  if (!node) return;
  event.preventDefault();
  text.goTo(Number(node.dataset["line"]));
});
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement)) return;
  if (form.id === "publish-form") {
    event.preventDefault();
    void publish(form);
  } else if (form.id === "compare-form") {
    event.preventDefault();
    const { before, after, words } = chosenTexts(form);
    editing.compare(before, after, words);
  }
});

editing.begin();
new Stream(() => `/events/scripts/${facts["script"] ?? ""}`, {
  on: { script: pushed, over: () => window.location.reload(), unavailable: () => undefined },
  connected: (yes) => {
    document.body.dataset["stream"] = yes ? "on" : "off";
  },
});
followPromises();
