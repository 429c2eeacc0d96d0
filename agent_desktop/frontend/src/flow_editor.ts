// The page on which a flow is edited: text, check, what callers hear, publishing, versions.
import "./common";
import { Editing, toVersions, type Start, type TextStatus } from "./editing";
import { Heard, type Checked } from "./flow_heard";
import { Orders, type Order } from "./flow_orders";
import { byId } from "./page";
import { followPromises } from "./promises";
import { Stream } from "./stream";
import { TextEditor } from "./text_editor";
import { chosenTexts, refreshVersions } from "./text_versions";
import { setUpTextPage } from "./text_page";
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

setUpTextPage({
  text,
  problems,
  check: () => void draft.now(),
  publish: () => void publish(),
  drop: () => void editing.throwAway(),
  home: "menu",
  side: "#heard",
  keys: { F7: () => heard.playHere() },
  commands: () => [
    { label: word("edit_publish"), key: "Ctrl ↵", run: () => void publish() },
    { label: word("edit_play"), key: "F7", run: () => heard.playHere() },
    { label: word("edit_versions"), key: "", run: toVersions },
  ],
  places: () =>
    heard.places().map((menu) => ({
      label: word("edit_to_menu", { name: menu.name }),
      key: word("edit_line", { line: String(menu.first) }),
      run: () => text.goTo(menu.first),
    })),
});
document.addEventListener("submit", (event) => {
  if (!(event.target instanceof HTMLFormElement) || event.target.id !== "compare-form") return;
  event.preventDefault();
  const { before, after, words } = chosenTexts(event.target);
  editing.compare(before, after, words);
});

editing.begin();
new Stream(() => `/events/flows/${flow}`, {
  on: { flow: pushed, over: () => window.location.reload(), unavailable: () => undefined },
  connected: (yes) => {
    document.body.dataset["stream"] = yes ? "on" : "off";
  },
});
followPromises();
