// The page on which a flow is edited: text, check, what callers hear, publishing, versions.
import "./common";
import { askDrop, Editing, inDialog, toVersions, type Start, type TextStatus } from "./editing";
import { Heard, type Checked } from "./flow_heard";
import { Orders, type Order } from "./flow_orders";
import { above, byId, typing } from "./page";
import { openPalette, usePalette, type Command } from "./palette";
import { followPromises } from "./promises";
import { openKeymap } from "./sheet";
import { Stream } from "./stream";
import { TextEditor } from "./text_editor";
import { chosenTexts, refreshVersions } from "./text_versions";
import { nextTheme } from "./theme";
import { toast } from "./toast";
import { word } from "./words";

interface Pushed extends TextStatus {
  order: Order | null;
}

const flow = document.body.dataset["flow"] ?? "";
const api = `/api/flows/${flow}`;
const start = JSON.parse(byId("flow-start")?.textContent ?? "{}") as Start;
const text: TextEditor = new TextEditor(byId("editor") ?? document.body, start.text, {
  changed: () => editing.draft.touch(),
  moved: () => heard.moved(),
});
const heard = new Heard(flow, text);
const editing: Editing<Checked> = new Editing(api, "flow", flow, text, start, {
  checked: (answer) => heard.show(answer),
  others: "edit_others",
});
const { draft, problems } = editing;
const orders = new Orders(flow, draft, () => text.text, () => editing.inForce, orderDone);

function orderDone(order: Order): void {
  if (order.way === "publish" && draft.basedOn === order.based_on) {
    draft.goOn(order.version, draft.mark);
    editing.published = text.text;
  }
  void refreshVersions(api);
}

function pushed(message: Pushed): void {
  orders.show(message.order);
  editing.pushed(message);
}

async function publish(): Promise<void> {
  await draft.now();
  if (!editing.changed) toast(word("edit_nothing_changed"));
  else await orders.askPublish(problems.faultWords(), problems.hintWords());
}

function otherSide(): void {
  if (text.focused || !above(document.activeElement, "#heard")) byId("menu")?.focus();
  else text.focus();
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
  void editing.throwAway();
});
document.addEventListener("submit", (event) => {
  if (!(event.target instanceof HTMLFormElement) || event.target.id !== "compare-form") return;
  event.preventDefault();
  const { before, after, words } = chosenTexts(event.target);
  editing.compare(before, after, words);
});

// In the capture phase: these keys are the page's, in the text too.
document.addEventListener(
  "keydown",
  (event) => {
    const control = event.ctrlKey || event.metaKey;
    const plain = !control && !event.altKey;
    if (control && event.key.toLowerCase() === "s") void draft.now();
    else if (inDialog()) return;
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

editing.begin();
new Stream(() => `/events/flows/${flow}`, {
  on: { flow: pushed, over: () => window.location.reload(), unavailable: () => undefined },
  connected: (yes) => {
    document.body.dataset["stream"] = yes ? "on" : "off";
  },
});
followPromises();
