// The day: rows are pushed, those out of place first; suggestions are done with a click.
import "./common";
import { getHtml, post, Problem } from "./api";
import { setServerTime } from "./clock";
import { above, byId } from "./page";
import { send } from "./plan_forms";
import { followPromises } from "./promises";
import { Stream } from "./stream";
import { toast } from "./toast";
import { setUpWhatIf } from "./what_if";
import { word } from "./words";
import { replace } from "./work_area";

interface Rows {
  order: string[];
  rows: Record<string, string>;
  head: string;
  now: string;
}

const { day, live, query } = document.body.dataset;
const dialog = byId<HTMLDialogElement>("agent-day");
let shown = "";

function failed(error: unknown): void {
  toast(error instanceof Problem ? error.message : word("failed"));
}

/** New rows in their order; what has the focus keeps it. */
function take(message: Rows): void {
  setServerTime(message.now);
  const list = byId("day-rows");
  const head = byId("day-head");
  if (!list || !head) return;
  if (message.order.length > 0 && byId("day-empty")) window.location.reload();
  replace(head, message.head);
  const focused = document.activeElement instanceof HTMLElement ? document.activeElement.closest<HTMLElement>(".day-row")?.id : "";
  for (const [agent, html] of Object.entries(message.rows)) {
    const made = document.createElement("ol");
    made.innerHTML = html;
    const next = made.firstElementChild;
    if (!next) continue;
    const old = byId(`day-${agent}`);
    if (old) old.replaceWith(next);
    else list.append(next);
  }
  const wanted = message.order.map((agent) => byId(`day-${agent}`)).filter((row): row is HTMLElement => row !== null);
  const same = wanted.length === list.children.length && wanted.every((row, at) => list.children[at] === row);
  if (!same) list.replaceChildren(...wanted);
  if (focused) document.querySelector<HTMLElement>(`#${CSS.escape(focused)} [data-do=agent-day]`)?.focus({ preventScroll: true });
}

async function readStaff(): Promise<void> {
  const box = byId("day-staff");
  if (!box) return;
  const html = await getHtml(box.dataset["address"] ?? "");
  const open = box.querySelector("details")?.open ?? false;
  box.innerHTML = html;
  const details = box.querySelector("details");
  if (details) details.open = open;
}

async function show(agent: string): Promise<void> {
  if (!dialog) return;
  dialog.innerHTML = await getHtml(`/the-day/agents/${encodeURIComponent(agent)}?${query ?? ""}`);
  shown = agent;
  if (!dialog.open) dialog.showModal();
}

function fill(button: HTMLElement): void {
  const form = byId<HTMLFormElement>("excuse");
  for (const name of ["from", "to"]) {
    const field = form?.elements.namedItem(name);
    if (field instanceof HTMLInputElement) field.value = button.dataset[name] ?? "";
  }
  const reason = form?.elements.namedItem("reason");
  if (reason instanceof HTMLInputElement) reason.focus();
}

function value(form: HTMLFormElement, name: string): string {
  const field = form.elements.namedItem(name);
  return field instanceof HTMLInputElement ? field.value : "";
}

async function excuse(form: HTMLFormElement): Promise<void> {
  const fields = {
    agent: form.dataset["agent"] ?? "", day: day ?? "", from: value(form, "from"), to: value(form, "to"), reason: value(form, "reason"),
  };
  const answer = await send<{ excuse: number }>(form, "/api/the-day/excuses", fields);
  if (!answer) return;
  if (dialog) dialog.dataset["changed"] = "yes";
  toast(word("day_excused"), { label: word("plan_undo"), run: () => void takeBack(String(answer.excuse)).catch(failed) });
  await seenAgain();
}

async function takeBack(id: string): Promise<void> {
  await post(`/api/the-day/excuses/${id}/take-back`, {});
  if (dialog) dialog.dataset["changed"] = "yes";
  toast(word("day_taken_back"));
  await seenAgain();
}

/** The dialog as it is now; a day past is not pushed, so the whole page is read again once the dialog is closed. */
async function seenAgain(): Promise<void> {
  if (dialog?.open && shown) await show(shown);
  else if (!live) window.location.reload();
}

async function suggest(button: HTMLButtonElement): Promise<void> {
  button.disabled = true;
  try {
    const wanted = JSON.parse(button.dataset["wanted"] ?? "{}") as Record<string, unknown>;
    const answer = await post<{ change: number }>("/api/the-day/changes", { ...wanted, day: day ?? "" });
    toast(word("day_changed"), { label: word("plan_undo"), run: () => void undo(String(answer.change)).catch(failed) });
  } finally {
    await readStaff();
  }
}

async function undo(id: string): Promise<void> {
  await post(`/api/the-day/changes/${id}/undo`, {});
  toast(word("plan_undone"));
  if (dialog?.open && shown) await show(shown);
  await readStaff();
}

document.addEventListener("click", (event) => {
  const button = above(event.target, "[data-do]");
  switch (button?.dataset["do"]) {
    case "print":
      return window.print();
    case "agent-day":
      return void show(button.dataset["agent"] ?? "").catch(failed);
    case "close-agent":
      return dialog?.close();
    case "excuse-this":
      return fill(button);
    case "take-back":
      return void takeBack(button.dataset["excuse"] ?? "").catch(failed);
    case "suggestion":
      return void suggest(button as HTMLButtonElement).catch(failed);
    case "undo-change":
      return void undo(button.dataset["change"] ?? "").catch(failed);
  }
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement)) return;
  if (form.id !== "excuse") return;
  event.preventDefault();
  void excuse(form).catch(failed);
});

document.addEventListener("keydown", (event) => {
  const row = above(event.target, ".day-row");
  if (!row || (event.key !== "ArrowDown" && event.key !== "ArrowUp")) return;
  const next = event.key === "ArrowDown" ? row.nextElementSibling : row.previousElementSibling;
  next?.querySelector<HTMLElement>("[data-do=agent-day]")?.focus();
  event.preventDefault();
});

dialog?.addEventListener("close", () => {
  const row = byId(`day-${shown}`);
  shown = "";
  if (!live && dialog.dataset["changed"]) window.location.reload();
  row?.querySelector<HTMLElement>("[data-do=agent-day]")?.focus();
});

if (live) {
  new Stream(() => `/events/the-day?${query ?? ""}`, {
    on: {
      rows: (message: Rows) => take(message),
      staff: () => void readStaff().catch(() => undefined), // the next push brings it
      over: () => window.location.reload(),
      unavailable: () => undefined,
    },
    connected(yes) {
      const light = byId("live");
      if (light) light.dataset["live"] = yes ? "on" : "off";
    },
  });
}
void readStaff().catch(failed);
setUpWhatIf();
followPromises(); // supervisors look here too
