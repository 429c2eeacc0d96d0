// The page on which a flow is edited: text, check, what callers hear, publishing, versions.
import "./common";
import { Problem as Refusal } from "./api";
import { ask, askWhichText, settle } from "./notice_choice";
import { Draft, type Checked, type KeptState } from "./flow_draft";
import { Heard } from "./flow_heard";
import { chosenTexts, Orders, refreshVersions, type Order } from "./flow_orders";
import { Problems } from "./problem_list";
import { TextEditor } from "./text_editor";
import { above, byId, typing } from "./page";
import { openPalette, usePalette, type Command } from "./palette";
import { followPromises } from "./promises";
import { openKeymap } from "./sheet";
import { Stream } from "./stream";
import { nextTheme } from "./theme";
import { toast } from "./toast";
import { word } from "./words";

interface Start {
  text: string;
  mark: string;
  published: string;
}

interface Pushed {
  in_force: { number: number; by: string; note: string };
  others: { name: string; at: string; based_on: string }[];
  order: Order | null;
}

const facts = document.body.dataset;
const flow = facts["flow"] ?? "";
const start = JSON.parse(byId("flow-start")?.textContent ?? "{}") as Start;
let inForce = Number(facts["inForce"]);
let published = start.published;

const text: TextEditor = new TextEditor(byId("editor") ?? document.body, start.text, {
  changed: () => draft.touch(),
  moved: () => heard.moved(),
});
const heard = new Heard(flow, text);
const problems = new Problems(text);
const draft = new Draft(flow, facts["login"] ?? "", () => text, Number(facts["basedOn"]), start.mark, {
  checked: showChecked,
  state: showKept,
});
const orders = new Orders(flow, draft, () => text.text, () => inForce, orderDone);

function showKept(state: KeptState, why: string): void {
  const box = byId("kept");
  document.body.dataset["kept"] = state;
  if (box) box.textContent = why || word(`kept_${state}`);
  if (state !== "elsewhere") return;
  const other = { label: word("edit_take_other"), act: () => void takeKept() };
  askWhichText(why, other, { label: word("edit_keep_mine"), act: () => void keepMine() });
}

async function takeKept(): Promise<void> {
  await tried(async () => draft.take(await draft.kept()));
}

async function keepMine(): Promise<void> {
  await tried(async () => {
    const other = await draft.kept();
    draft.goOn(draft.basedOn, other.mark);
  });
}

async function tried(act: () => Promise<unknown>): Promise<void> {
  try {
    await act();
  } catch (error) {
    toast(error instanceof Refusal ? error.message : word("failed"));
  }
}

function showChecked(answer: Checked): void {
  problems.show(answer);
  heard.show(answer);
  if (answer.in_force !== inForce) void cameInForce(answer.in_force, "", "");
}

/** Another version has come into force. Whoever has changed nothing gets its text; else they are asked. */
async function cameInForce(number: number, by: string, note: string): Promise<void> {
  if (number === inForce && number === draft.basedOn) return;
  inForce = number;
  const box = byId("in-force");
  if (box) box.textContent = word("edit_in_force", { number: String(number) });
  if (number === draft.basedOn) {
    settle("overtaken");
    return;
  }
  if (text.text === published) {
    await tried(async () => {
      const kept = await draft.kept();
      draft.take(kept);
      published = kept.text;
      toast(word("edit_brought_up_to_date", { number: String(number) }));
    });
    return;
  }
  showOvertaken(number, by, note);
}

function showOvertaken(number: number, by: string, note: string): void {
  const fields = { number: String(number), by, note, base: String(draft.basedOn) };
  const see = (): void => void openDifference(String(draft.basedOn), String(number), word("edit_what_they_changed", fields));
  ask("overtaken", word(by ? "edit_overtaken_by" : "edit_overtaken", fields), [
    { name: "see", label: word("edit_see_difference"), act: see },
    { name: "mine", label: word("edit_mine_on_top", fields), act: () => goOnFrom(number) },
    { name: "theirs", label: word("edit_take_theirs", fields), act: () => void throwAway() },
  ]);
}

function goOnFrom(number: number): void {
  settle("overtaken");
  draft.goOn(number, draft.mark);
  text.focus();
}

async function throwAway(): Promise<void> {
  await tried(async () => {
    await draft.drop();
    published = text.text;
    inForce = draft.basedOn;
    settle("overtaken");
  });
}

function orderDone(order: Order): void {
  if (order.way === "publish" && draft.basedOn === order.based_on) {
    draft.goOn(order.version, draft.mark);
    published = text.text;
  }
  void refreshVersions(flow);
}

function pushed(message: Pushed): void {
  orders.show(message.order);
  const others = byId("others");
  if (others) {
    others.hidden = message.others.length === 0;
    const names = message.others.map((one) => word("edit_other", { name: one.name, at: one.at })).join(", ");
    const words = word("edit_others", { names });
    if (others.textContent !== words) others.textContent = words;
  }
  const { number, by, note } = message.in_force;
  if (number === inForce && number === draft.basedOn) return;
  if (number !== inForce) void refreshVersions(flow);
  void cameInForce(number, by, note);
}

async function openDifference(before: string, after: string, words: string): Promise<void> {
  const dialog = byId<HTMLDialogElement>("compare");
  const label = byId("compare-label");
  if (!dialog || !label) return;
  label.textContent = words;
  dialog.showModal();
  await draft.now();
  await orders.compare("compare-difference", before, after);
}

async function publish(): Promise<void> {
  await draft.now();
  if (text.text === published && draft.basedOn === inForce) toast(word("edit_nothing_changed"));
  else await orders.askPublish(problems.faultWords(), problems.hintWords());
}

function otherSide(): void {
  if (text.focused || !above(document.activeElement, "#heard")) byId("menu")?.focus();
  else text.focus();
}

function toVersions(): void {
  byId("versions")?.scrollIntoView({ block: "start" });
  byId("versions")?.focus();
}

function askDrop(): void {
  byId<HTMLDialogElement>("drop")?.showModal();
}

usePalette((): Command[] => {
  const found: Command[] = [
    { label: word("edit_publish"), key: "Ctrl ↵", run: () => void publish() },
    { label: word("edit_play"), key: "F7", run: () => heard.playHere() },
    { label: word("edit_next_problem"), key: "F8", run: () => problems.next(1) },
    { label: word("edit_versions"), key: "", run: toVersions },
    { label: word("edit_drop"), key: "", run: askDrop },
    { label: word("do_keymap"), key: "F1", run: openKeymap },
    { label: word("do_theme"), key: "", run: nextTheme },
  ];
  const menus = heard.places().map((menu) => ({
    label: word("edit_to_menu", { name: menu.name }),
    key: word("edit_line", { line: String(menu.first) }),
    run: () => text.goTo(menu.first),
  }));
  return [...found, ...menus];
}, null);

const acts: Readonly<Record<string, () => void>> = {
  publish: () => void publish(),
  versions: toVersions,
  drop: askDrop,
};
document.addEventListener("click", (event) => {
  const act = acts[above(event.target, "[data-do]")?.dataset["do"] ?? ""];
  if (act) act();
  const problem = above(event.target, ".problem__go");
  if (problem) text.goTo(Number(problem.dataset["line"]));
});
byId("drop-now")?.addEventListener("click", () => {
  byId<HTMLDialogElement>("drop")?.close();
  void throwAway();
});
document.addEventListener("submit", (event) => {
  if (!(event.target instanceof HTMLFormElement) || event.target.id !== "compare-form") return;
  event.preventDefault();
  const { before, after, words } = chosenTexts(event.target);
  void openDifference(before, after, words);
});

// In the capture phase: these keys are the page's, in the text too.
document.addEventListener(
  "keydown",
  (event) => {
    const control = event.ctrlKey || event.metaKey;
    const plain = !control && !event.altKey;
    const inDialog = document.querySelector("dialog[open]") !== null;
    if (control && event.key.toLowerCase() === "s") void draft.now();
    else if (inDialog) return;
    else if (control && event.key.toLowerCase() === "k") openPalette();
    else if (control && event.key === "Enter") void publish();
    else if (event.key === "F1" && plain) openKeymap();
    else if (event.key === "F6" && plain) otherSide();
    else if (event.key === "F7" && plain) heard.playHere();
    else if (event.key === "F8" && plain) problems.next(event.shiftKey ? -1 : 1);
    else if (event.key === "?" && plain && !typing(event.target)) openKeymap();
    else return;
    event.preventDefault();
    event.stopPropagation();
  },
  true,
);

/** What a closed tab or a dead server left in this browser. */
function takeLeft(): void {
  const left = draft.left();
  if (!left || left.text === start.text) return void draft.now();
  if (left.mark === start.mark) {
    draft.basedOn = left.basedOn;
    text.replace(left.text);
    return;
  }
  const newer = (): void => void draft.now(); // and not before: what was left here is on the shelf until then
  const taken = { label: word("edit_take_left"), act: () => text.replace(left.text) };
  askWhichText(word("edit_left_here"), taken, { label: word("edit_keep_newer"), act: newer });
}

text.focus();
text.goTo(1);
takeLeft();
if (inForce !== draft.basedOn) showOvertaken(inForce, "", "");
new Stream(() => `/events/flows/${flow}`, {
  on: { flow: pushed, over: () => window.location.reload(), unavailable: () => undefined },
  connected: (yes) => {
    document.body.dataset["stream"] = yes ? "on" : "off";
  },
});
followPromises();
