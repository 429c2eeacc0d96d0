// The planner's pages of forecasts and staff.
import "./common";
import { getHtml, post, Problem } from "./api";
import { OverruleGrid } from "./overrule_grid";
import { above, all, byId } from "./page";
import { bring, Fields, numberOf, send } from "./plan_forms";
import { followPromises } from "./promises";
import { setUpCancelling, watchRuns } from "./run_watch";
import { toast } from "./toast";
import { word } from "./words";

interface Day {
  day: string;
  name: string;
  factor: number | null;
  leave_out: boolean;
}

interface Kept {
  before: Day[];
  html: string;
}

const specialDays = "/api/planner/special-days";

function on(id: string, run: (form: HTMLFormElement) => Promise<void>): void {
  const form = byId<HTMLFormElement>(id);
  form?.addEventListener("submit", (event) => {
    event.preventDefault();
    void run(form);
  });
}

function value(form: HTMLFormElement, name: string): string {
  const field = form.elements.namedItem(name);
  return field instanceof HTMLInputElement || field instanceof HTMLSelectElement ? field.value : "";
}

function failed(error: unknown): void {
  toast(error instanceof Problem ? error.message : word("failed"));
}

function put(id: string, html: string): void {
  const box = byId(id);
  if (box) box.innerHTML = html;
}

async function ended(kind: string, id: string): Promise<void> {
  if (kind === "search") put("search", await getHtml(`/planner/searches/${id}`));
  else await relist();
}

async function relist(): Promise<void> {
  const list = byId("forecast-list");
  if (list) list.innerHTML = await getHtml(list.dataset["address"] ?? "");
  watch();
}

function watch(): void {
  watchRuns((kind, id) => void ended(kind, id).catch(failed));
}

/** Undo a change of special days: what was before is told again, or taken away where nothing was. */
async function undoDay(day: string, before: Day[]): Promise<void> {
  const was = before[0];
  const answer = was ? await post<Kept>(specialDays, was) : await post<Kept>(`${specialDays}/${day}/drop`, {});
  put("special-days", answer.html);
  toast(word("plan_undone"));
}

function keptDay(day: string, answer: Kept, words: string): void {
  put("special-days", answer.html);
  toast(words, { label: word("plan_undo"), run: () => void undoDay(day, answer.before).catch(failed) });
}

async function special(form: HTMLFormElement, fields: Fields): Promise<boolean> {
  const answer = await send<Kept>(form, specialDays, fields);
  if (!answer) return false;
  keptDay(String(fields["day"]), answer, word("plan_day_kept"));
  form.reset();
  return true;
}

on("new-forecast", async (form) => {
  const queues = all<HTMLInputElement>("input[name=queues]:checked", form).map((each) => each.value);
  const share = numberOf(value(form, "share"));
  const fields = {
    name: value(form, "name"), first: value(form, "first"), days: Number(value(form, "days")), minutes: Number(value(form, "minutes")),
    method: value(form, "method"), share: share === null || Number.isNaN(share) ? null : share / 100, queues,
  };
  if (await send(form, "/api/planner/forecasts", fields)) await relist();
});

on("special-day", async (form) => {
  const factor = numberOf(value(form, "factor"));
  const box = form.elements.namedItem("leave_out");
  const wrong = Number.isNaN(factor) ? -1 : factor; // the server says what is wrong with it
  await special(form, {
    day: value(form, "day"), name: value(form, "name"), factor: wrong, leave_out: box instanceof HTMLInputElement && box.checked,
  });
});

on("set-aside", async (form) => {
  const done = await special(form, { day: value(form, "day"), name: value(form, "name"), factor: null, leave_out: true });
  if (done) told("aside-said", word("plan_next_forecast"));
});

on("keep-plan", async (form) => {
  const answer = await send<{ name: string; version: number; html: string }>(form, "/api/planner/plans", {
    ...chosen(), name: value(form, "name"),
  });
  if (!answer) return;
  put("plans", answer.html);
  toast(word("plan_plan_kept", { name: answer.name, version: String(answer.version) }));
});

function chosen(): Fields {
  const block = byId("fields");
  return block?.textContent ? (JSON.parse(block.textContent) as Fields) : {};
}

function told(id: string, words: string): void {
  const box = byId(id);
  if (box) box.textContent = words;
}

async function search(at: string): Promise<void> {
  const answer = await post<{ run: number }>("/api/planner/searches", { ...chosen(), starts_at: at });
  put("search", await getHtml(`/planner/searches/${answer.run}`));
  byId("search")?.scrollIntoView({ block: "nearest" });
  watch();
}

document.addEventListener("click", (event) => {
  const button = above(event.target, "[data-do]");
  const day = button?.dataset["day"] ?? "";
  switch (button?.dataset["do"]) {
    case "print":
      window.print();
      break;
    case "drop-day":
      void post<Kept>(`${specialDays}/${day}/drop`, {})
        .then((answer) => {
          keptDay(day, answer, word("plan_day_dropped"));
          told("aside-said", word("plan_next_forecast"));
        })
        .catch(failed);
      break;
    case "drop-history":
      void post<{ html: string }>(`/api/planner/history/${button.dataset["queue"]}/drop`, {})
        .then((answer) => put("brought-history", answer.html))
        .catch(failed);
      break;
    case "take-in":
      void post<Kept>(specialDays, { day, name: word("plan_taken_in"), factor: 1, leave_out: false })
        .then((answer) => {
          keptDay(day, answer, word("plan_day_kept"));
          told("aside-said", word("plan_next_forecast"));
        })
        .catch(failed);
      break;
    case "search":
      void search(button.dataset["at"] ?? "").catch(failed);
      break;
  }
});

document.addEventListener("change", (event) => {
  const input = event.target;
  if (!(input instanceof HTMLInputElement) || !input.dataset["bring"]) return;
  void bring<{ count: number; html?: string }>(input).then((answer) => {
    if (!answer) return;
    if (input.dataset["reload"]) window.location.reload();
    else if (answer.html) put(input.dataset["into"] ?? "special-days", answer.html);
    toast(word("plan_brought", { count: String(answer.count) }));
  });
});

for (const select of all<HTMLSelectElement>("#wishes select")) {
  select.addEventListener("change", () => byId<HTMLFormElement>("wishes")?.requestSubmit());
}

/** A bar and its row light up together, and what one agent is worth there is told. */
function light(slot: string | undefined): void {
  for (const marked of all("[data-slot]")) marked.classList.toggle("marked", slot !== undefined && marked.dataset["slot"] === slot);
  const worth = byId("worth");
  if (!worth) return;
  const row = slot === undefined ? null : document.querySelector<HTMLElement>(`tr[data-slot="${slot}"]`);
  worth.textContent = row?.dataset["worth"] ?? worth.dataset["empty"] ?? "";
}

document.addEventListener("pointerover", (event) => light(above(event.target, "[data-slot]")?.dataset["slot"]));
document.addEventListener("focusin", (event) => light(above(event.target, "[data-slot]")?.dataset["slot"]));
document.addEventListener("keydown", (event) => {
  const row = event.target instanceof HTMLTableRowElement ? event.target : null;
  if (!row?.dataset["worth"] || (event.key !== "ArrowDown" && event.key !== "ArrowUp")) return;
  const next = event.key === "ArrowDown" ? row.nextElementSibling : row.previousElementSibling;
  if (next instanceof HTMLElement) next.focus();
  event.preventDefault();
});

const { forecast, queue } = document.body.dataset;
if (forecast && queue) new OverruleGrid(forecast, queue);
setUpCancelling();
watch();
followPromises(); // supervisors look here too
