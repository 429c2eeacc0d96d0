// The page on which the policy is edited: text, check, what changes, a day played under it, publishing.
import "./common";
import { getJson, post, Problem as Refusal } from "./api";
import { ask, settle } from "./notice_choice";
import { above, byId, typing } from "./page";
import { openPalette, usePalette, type Command } from "./palette";
import { PolicyCheck, type Checked, type CheckState } from "./policy_check";
import { Preview } from "./policy_preview";
import { Problems } from "./problem_list";
import { followPromises } from "./promises";
import { openKeymap } from "./sheet";
import { Stream } from "./stream";
import { TextEditor } from "./text_editor";
import { openDifference, tell } from "./text_versions";
import { nextTheme } from "./theme";
import { toast } from "./toast";
import { word } from "./words";

interface Start {
  text: string;
  based_on: number;
}

interface Pushed {
  number: number;
  by: string;
  note: string;
}

const facts = document.body.dataset;
const start = JSON.parse(byId("policy-start")?.textContent ?? "{}") as Start;
let inForce = Number(facts["inForce"]);

const text: TextEditor = new TextEditor(byId("editor") ?? document.body, start.text, {
  changed: () => {
    check.touch();
    preview.touched();
  },
  moved: () => undefined,
});
const problems = new Problems(text);
const check = new PolicyCheck(facts["login"] ?? "", () => text, start.text, start.based_on, { checked, state: showState });
const preview: Preview = new Preview(() => text.text);

function showState(state: CheckState, why: string): void {
  document.body.dataset["check"] = state;
  const box = byId("kept");
  if (box) box.textContent = why || word(state === "checked" ? (check.changed ? "policy_kept" : "policy_unchanged") : `policy_${state}`);
}

function checked(answer: Checked): void {
  problems.show(answer);
  const readable = answer.picture !== undefined;
  const stale = byId("stale");
  if (stale) stale.hidden = readable;
  for (const [id, html] of [
    ["difference", answer.difference],
    ["picture", answer.picture],
  ] as const) {
    const box = byId(id);
    if (box && html !== undefined) box.innerHTML = html;
  }
  const button = byId<HTMLButtonElement>("preview-now");
  if (button) button.disabled = !readable;
  if (answer.in_force !== inForce) void cameInForce(answer.in_force, "", "");
}

/** Another version has come into force. Whoever has changed nothing gets its text; else they are asked. */
async function cameInForce(number: number, by: string, note: string): Promise<void> {
  if (number === inForce && number === check.basedOn) return;
  inForce = number;
  showNumber();
  if (number === check.basedOn) settle("overtaken");
  else if (!check.changed) {
    await takeTheirs();
    toast(word("edit_brought_up_to_date", { number: String(number) }));
  } else showOvertaken(number, by, note);
}

function showNumber(): void {
  const box = byId("in-force");
  if (box) box.textContent = word("edit_in_force", { number: String(inForce) });
}

function showOvertaken(number: number, by: string, note: string): void {
  const fields = { number: String(number), by, note, base: String(check.basedOn) };
  const see = (): void => void openDifference("/api/policy", String(check.basedOn), String(number), word("edit_what_they_changed", fields));
  ask("overtaken", word(by ? "edit_overtaken_by" : "edit_overtaken", fields), [
    { name: "see", label: word("edit_see_difference"), act: see },
    { name: "mine", label: word("edit_mine_on_top", fields), act: () => void mineOnTop() },
    { name: "theirs", label: word("edit_take_theirs", fields), act: () => void takeTheirs() },
  ]);
}

async function tried(act: () => Promise<unknown>): Promise<void> {
  try {
    await act();
  } catch (error) {
    toast(error instanceof Refusal ? error.message : word("failed"));
  }
}

/** My text stays, and follows what is in force now. */
async function mineOnTop(): Promise<void> {
  await tried(async () => {
    const now = await getJson<Start>("/api/policy/text");
    inForce = now.based_on;
    showNumber();
    check.begin(now.text, now.based_on);
    settle("overtaken");
    text.focus();
  });
}

async function takeTheirs(): Promise<void> {
  await tried(async () => {
    const now = await getJson<Start>("/api/policy/text");
    inForce = now.based_on;
    showNumber();
    text.replace(now.text);
    check.begin(now.text, now.based_on);
    settle("overtaken");
  });
}

async function askPublish(): Promise<void> {
  const dialog = byId<HTMLDialogElement>("publish");
  if (!dialog || dialog.open) return;
  await check.now();
  if (!check.changed && check.basedOn === inForce) {
    toast(word("edit_nothing_changed"));
    return;
  }
  const [faults, hints] = [problems.faultWords(), problems.hintWords()];
  tell("publish-problem", faults ? word("edit_mend_first", { count: faults }) : "");
  const left = byId("publish-warnings");
  if (left) left.textContent = hints ? word("edit_warnings_remain", { count: hints }) : "";
  const [from, to] = [byId("difference"), byId("publish-difference")];
  if (from && to) to.innerHTML = from.innerHTML;
  dialog.showModal();
  byId("note")?.focus();
}

async function publish(): Promise<void> {
  const note = byId<HTMLInputElement>("note");
  const button = byId<HTMLButtonElement>("publish-now");
  if (!note || !button || button.disabled) return;
  if (!note.value.trim()) {
    tell("publish-problem", word("edit_note_missing"));
    return;
  }
  button.disabled = true;
  const sent = text.text;
  try {
    const body = { text: sent, note: note.value, based_on: check.basedOn };
    const { number } = await post<{ number: number }>("/api/policy/publish", body);
    byId<HTMLDialogElement>("publish")?.close();
    note.value = "";
    inForce = number;
    showNumber();
    check.begin(sent, number);
    settle("overtaken");
    const done = byId("published");
    if (done) {
      done.textContent = word("policy_published", { number: String(number) });
      done.hidden = false;
    }
  } catch (error) {
    tell("publish-problem", error instanceof Refusal ? error.message : word("failed"));
  } finally {
    button.disabled = false;
  }
}

function otherSide(): void {
  if (text.focused || !above(document.activeElement, "#effects")) byId("difference")?.focus();
  else text.focus();
}

function askDrop(): void {
  byId<HTMLDialogElement>("drop")?.showModal();
}

usePalette(
  (): Command[] => [
    { label: word("policy_publish"), key: "Ctrl ↵", run: () => void askPublish() },
    { label: word("policy_play"), key: "F9", run: () => void preview.ask() },
    { label: word("edit_next_problem"), key: "F8", run: () => problems.next(1) },
    { label: word("policy_versions"), key: "", run: () => window.location.assign("/policy#versions") },
    { label: word("edit_drop"), key: "", run: askDrop },
    { label: word("do_keymap"), key: "F1", run: openKeymap },
    { label: word("do_theme"), key: "", run: nextTheme },
  ],
  null,
);

const acts: Readonly<Record<string, () => void>> = { publish: () => void askPublish(), drop: askDrop };
document.addEventListener("click", (event) => {
  const act = acts[above(event.target, "[data-do]")?.dataset["do"] ?? ""];
  if (act) act();
  const problem = above(event.target, ".problem__go");
  if (problem) text.goTo(Number(problem.dataset["line"]));
});
byId("publish-form")?.addEventListener("submit", (event) => {
  event.preventDefault();
  void publish();
});
byId("drop-now")?.addEventListener("click", () => {
  byId<HTMLDialogElement>("drop")?.close();
  void takeTheirs();
});

// In the capture phase: these keys are the page's, in the text too.
document.addEventListener(
  "keydown",
  (event) => {
    const control = event.ctrlKey || event.metaKey;
    const plain = !control && !event.altKey;
    const inDialog = document.querySelector("dialog[open]") !== null;
    if (control && event.key.toLowerCase() === "s") void check.now();
    else if (inDialog) return;
    else if (control && event.key.toLowerCase() === "k") openPalette();
    else if (control && event.key === "Enter") void askPublish();
    else if (event.key === "F1" && plain) openKeymap();
    else if (event.key === "F6" && plain) otherSide();
    else if (event.key === "F8" && plain) problems.next(event.shiftKey ? -1 : 1);
    else if (event.key === "F9" && plain) void preview.ask();
    else if (event.key === "?" && plain && !typing(event.target)) openKeymap();
    else return;
    event.preventDefault();
    event.stopPropagation();
  },
  true,
);

const left = check.left();
if (left && left.text !== start.text) {
  check.basedOn = left.basedOn;
  text.replace(left.text);
  toast(word("policy_left_here"));
}
text.focus();
text.goTo(1);
void check.now();
if (inForce !== check.basedOn) showOvertaken(inForce, "", "");
preview.goOn();
new Stream(() => "/events/policy", {
  on: {
    policy: ({ number, by, note }: Pushed) => void cameInForce(number, by, note),
    over: () => window.location.reload(),
    unavailable: () => undefined,
  },
  connected: (yes) => {
    document.body.dataset["stream"] = yes ? "on" : "off";
  },
});
followPromises();
