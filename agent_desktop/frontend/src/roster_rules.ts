// The page on which the rules of rosters are edited: text, check by line, what changes, publishing, and bringing back.
import "./common";
import { getJson, post, Problem as Refusal } from "./api";
import { Versions } from "./bring_back";
import { ask, settle } from "./notice_choice";
import { above, byId, typing } from "./page";
import { openPalette, usePalette, type Command } from "./palette";
import { PolicyCheck, type Checked, type CheckState } from "./policy_check";
import { Problems } from "./problem_list";
import { followPromises } from "./promises";
import { openKeymap } from "./sheet";
import { TextEditor } from "./text_editor";
import { openDifference, tell } from "./text_versions";
import { nextTheme } from "./theme";
import { toast } from "./toast";
import { word } from "./words";

interface Start {
  text: string;
  based_on: number;
}

const api = "/api/planner/roster-rules";
const facts = document.body.dataset;
const start = JSON.parse(byId("rules-start")?.textContent ?? "{}") as Start;
let inForce = Number(facts["inForce"]);

const text: TextEditor = new TextEditor(byId("editor") ?? document.body, start.text, { changed: () => check.touch(), moved: () => undefined });
const problems = new Problems(text);
const check = new PolicyCheck(facts["login"] ?? "", () => text, start.text, start.based_on, { checked, state: showState }, api, "roster-rules");
const versions = new Versions(
  api,
  () => inForce,
  () => void takeTheirs().then(() => versions.refresh()),
);

function showState(state: CheckState, why: string): void {
  document.body.dataset["check"] = state;
  const box = byId("kept");
  if (box) box.textContent = why || word(state === "checked" ? (check.changed ? "policy_kept" : "policy_unchanged") : `policy_${state}`);
}

function checked(answer: Checked): void {
  problems.show(answer);
  const stale = byId("stale");
  if (stale) stale.hidden = answer.picture !== undefined;
  for (const [id, html] of [["difference", answer.difference], ["picture", answer.picture]] as const) {
    const box = byId(id);
    if (box && html !== undefined) box.innerHTML = html;
  }
  if (answer.in_force !== inForce) cameInForce(answer.in_force);
}

/** Other rules have come into force. Whoever has changed nothing gets them; else they are asked. */
function cameInForce(number: number): void {
  inForce = number;
  showNumber();
  if (number === check.basedOn) settle("overtaken");
  else if (!check.changed) void takeTheirs().then(() => toast(word("edit_brought_up_to_date", { number: String(number) })));
  else showOvertaken(number);
}

function showNumber(): void {
  const box = byId("in-force");
  if (box) box.textContent = inForce ? word("edit_in_force", { number: String(inForce) }) : word("rules_shipped");
}

function showOvertaken(number: number): void {
  const fields = { number: String(number), base: String(check.basedOn) };
  const see = (): void => void openDifference(api, String(check.basedOn), String(number), word("edit_what_they_changed", fields));
  ask("overtaken", word("edit_overtaken", fields), [
    { name: "see", label: word("edit_see_difference"), act: see },
    { name: "mine", label: word("edit_mine_on_top", fields), act: () => void take(false) },
    { name: "theirs", label: word("edit_take_theirs", fields), act: () => void takeTheirs() },
  ]);
}

/** Go on from what is in force: with its text, or with mine on top of it. */
async function take(withText: boolean): Promise<void> {
  try {
    const now = await getJson<Start>(`${api}/text`);
    inForce = now.based_on;
    showNumber();
    if (withText) text.replace(now.text);
    check.begin(now.text, now.based_on);
    settle("overtaken");
  } catch (error) {
    toast(error instanceof Refusal ? error.message : word("failed"));
  }
}

async function takeTheirs(): Promise<void> {
  await take(true);
}

async function askPublish(): Promise<void> {
  const dialog = byId<HTMLDialogElement>("publish");
  if (!dialog || dialog.open) return;
  await check.now();
  if (!check.changed && check.basedOn === inForce) {
    toast(word("edit_nothing_changed"));
    return;
  }
  const faults = problems.faultWords();
  tell("publish-problem", faults ? word("edit_mend_first", { count: faults }) : "");
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
    const { number } = await post<{ number: number }>(`${api}/publish`, { text: sent, note: note.value, based_on: check.basedOn });
    byId<HTMLDialogElement>("publish")?.close();
    note.value = "";
    inForce = number;
    showNumber();
    check.begin(sent, number);
    settle("overtaken");
    const done = byId("published");
    if (done) {
      done.textContent = word("rules_published", { number: String(number) });
      done.hidden = false;
    }
    await versions.refresh();
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

function toVersions(): void {
  byId("versions")?.scrollIntoView({ block: "start" });
  byId("versions")?.focus();
}

usePalette(
  (): Command[] => [
    { label: word("rules_publish"), key: "Ctrl ↵", run: () => void askPublish() },
    { label: word("edit_next_problem"), key: "F8", run: () => problems.next(1) },
    { label: word("policy_versions"), key: "", run: toVersions },
    { label: word("edit_drop"), key: "", run: askDrop },
    { label: word("do_keymap"), key: "F1", run: openKeymap },
    { label: word("do_theme"), key: "", run: nextTheme },
  ],
  null,
);

const acts: Readonly<Record<string, () => void>> = { publish: () => void askPublish(), drop: askDrop };
document.addEventListener("click", (event) => {
  acts[above(event.target, "[data-do]")?.dataset["do"] ?? ""]?.();
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
    if (control && event.key.toLowerCase() === "s") void check.now();
    else if (document.querySelector("dialog[open]")) return;
    else if (control && event.key.toLowerCase() === "k") openPalette();
    else if (control && event.key === "Enter") void askPublish();
    else if (event.key === "F1" && plain) openKeymap();
    else if (event.key === "F6" && plain) otherSide();
    else if (event.key === "F8" && plain) problems.next(event.shiftKey ? -1 : 1);
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
if (inForce !== check.basedOn) showOvertaken(inForce);
followPromises(); // supervisors look here too
