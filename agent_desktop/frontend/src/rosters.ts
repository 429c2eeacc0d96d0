// The planner's list of rosters: one is asked for, followed while it is made, stopped, made again. Also the sheets for paper.
import "./common";
import { getHtml, getJson, post, Problem } from "./api";
import { above, all, byId } from "./page";
import { sendForm } from "./plan_forms";
import { followPromises } from "./promises";
import { toast } from "./toast";
import { word } from "./words";

interface Status {
  state: string;
  cost: number | null;
  bound: number | null;
  gap: string;
  doing: string;
  stopping: boolean;
}

interface Sample {
  cost: number | null;
  bound: number;
}

const everyMs = 1000;
const mostSamples = 200;
const api = "/api/planner/rosters";
const samples = new Map<string, Sample[]>();
const watched = new Set<string>();

function failed(error: unknown): void {
  toast(error instanceof Problem ? error.message : word("failed"));
}

async function relist(): Promise<void> {
  const list = byId("roster-list");
  if (!list) return;
  list.innerHTML = await getHtml(list.dataset["address"] ?? "");
  watch();
}

function watch(): void {
  for (const box of all(".roster-run")) {
    const id = box.dataset["roster"] ?? "";
    if (watched.has(id)) continue;
    watched.add(id);
    void look(id);
  }
}

async function look(id: string): Promise<void> {
  try {
    const status = await getJson<Status>(`${api}/${id}/status`);
    if (status.state === "waiting" || status.state === "solving") {
      await begun(id, status.state);
      show(id, status);
      window.setTimeout(() => void look(id), everyMs);
      return;
    }
  } catch (error) {
    if (error instanceof Problem && error.retryable) {
      window.setTimeout(() => void look(id), everyMs);
      return;
    }
  }
  watched.delete(id);
  await relist().catch(failed);
}

/** What waited is being made now: the list says so. */
async function begun(id: string, state: string): Promise<void> {
  if (document.querySelector<HTMLElement>(`.roster-run[data-roster="${id}"]`)?.dataset["state"] !== state) await relist();
}

function show(id: string, status: Status): void {
  const box = document.querySelector<HTMLElement>(`.roster-run[data-roster="${id}"]`);
  if (!box) return;
  const doing = status.stopping ? word("roster_stopping") : status.state === "waiting" ? word("roster_waiting") : status.doing;
  put(box, ".roster-run__doing", doing);
  put(box, ".roster-run__gap", status.state === "solving" ? status.gap : "");
  const button = box.querySelector<HTMLButtonElement>("[data-do=stop]");
  if (button) button.disabled = status.stopping;
  if (status.state === "solving") draw(box, id, { cost: status.cost, bound: status.bound ?? 0 });
}

function put(box: HTMLElement, selector: string, words: string): void {
  const place = box.querySelector(selector);
  if (place && place.textContent !== words) place.textContent = words;
}

/** Cost and bound over time: the two lines come nearer to each other. */
function draw(box: HTMLElement, id: string, sample: Sample): void {
  const own = samples.get(id) ?? [];
  own.push(sample);
  samples.set(id, own.slice(-mostSamples));
  const known = samples.get(id) ?? [];
  const most = Math.max(1, ...known.map((one) => Math.max(one.cost ?? 0, one.bound)));
  const at = (value: number, index: number): string => `${((200 * index) / Math.max(1, known.length - 1)).toFixed(1)},${(38 - (36 * value) / most).toFixed(1)}`;
  const cost = known.map((one, index) => (one.cost === null ? "" : at(one.cost, index))).filter(Boolean);
  box.querySelector(".roster-run__cost")?.setAttribute("points", cost.join(" "));
  box.querySelector(".roster-run__bound")?.setAttribute("points", known.map((one, index) => at(one.bound, index)).join(" "));
}

const form = byId<HTMLFormElement>("new-roster");
form?.addEventListener("submit", (event) => {
  event.preventDefault();
  const button = form.querySelector<HTMLButtonElement>(".button--main");
  if (button) button.disabled = true;
  void sendForm<{ roster: number }>(form, api)
    .then((answer) => (answer ? relist() : undefined))
    .catch(failed)
    .finally(() => {
      if (button) button.disabled = false;
    });
});

form?.querySelector<HTMLSelectElement>("[name=plan]")?.addEventListener("change", (event) => {
  const chosen = (event.target as HTMLSelectElement).selectedOptions[0]?.dataset ?? {};
  for (const name of ["first", "days", "name"]) {
    const field = form.querySelector<HTMLInputElement>(`[name=${name}]`);
    if (field) field.value = name === "days" ? String(Math.min(92, Number(chosen["days"]))) : (chosen[name] ?? "");
  }
});

document.addEventListener("click", (event) => {
  const button = above(event.target, "[data-do]");
  const id = button?.dataset["roster"] ?? "";
  const act = button?.dataset["do"];
  if (act === "print") window.print();
  else if (act === "stop") {
    (button as HTMLButtonElement).disabled = true;
    void post(`${api}/${id}/stop`, {}).catch(failed);
  } else if (act === "ask-drop") {
    const really = button?.parentElement?.querySelector<HTMLElement>("[data-do=drop]");
    if (!button || !really) return;
    [button.hidden, really.hidden] = [true, false];
    really.focus();
  } else if (act === "again" || act === "drop") void post(`${api}/${id}/${act}`, {}).then(relist).catch(failed);
});

watch();
followPromises(); // supervisors look here too
