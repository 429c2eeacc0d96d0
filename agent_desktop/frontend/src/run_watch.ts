// Work in the background, shown in the page while it goes on: how far it is, what it is doing, and a way to stop it.
import { getJson, post, Problem } from "./api";
import { above, all } from "./page";
import { toast } from "./toast";
import { word } from "./words";

interface Status {
  state: string;
  done: number;
  of: number;
  doing: string;
  queue: string;
  problem: string;
}

const everyMs = 600;
const lateMs = 8000;
const watched = new Set<string>();

/** Follow every run in the page that has not ended; `ended` is called once for each that does. */
export function watchRuns(ended: (kind: string, id: string) => void): void {
  for (const box of all("[data-run]")) {
    const state = box.dataset["state"];
    const id = box.dataset["run"] ?? "";
    const kind = box.dataset["kind"] ?? "";
    if ((state !== "waiting" && state !== "working") || watched.has(`${kind}/${id}`)) continue;
    watched.add(`${kind}/${id}`);
    void look(kind, id, Date.now(), ended);
  }
}

/** Let the button beside a run stop it. */
export function setUpCancelling(): void {
  document.addEventListener("click", (event) => {
    const button = above(event.target, "[data-do=cancel-run]");
    const box = above(event.target, "[data-run]");
    if (!button || !box) return;
    void post(`/api/planner/runs/${box.dataset["kind"]}/${box.dataset["run"]}/cancel`, {}).catch((error: unknown) =>
      toast(error instanceof Problem ? error.message : word("failed")),
    );
  });
}

async function look(kind: string, id: string, since: number, ended: (kind: string, id: string) => void): Promise<void> {
  const again = () => window.setTimeout(() => void look(kind, id, since, ended), everyMs);
  try {
    const status = await getJson<Status>(`/api/planner/runs/${kind}/${id}`);
    if (status.state === "waiting" || status.state === "working") {
      show(kind, id, status, Date.now() - since > lateMs);
      again();
      return;
    }
  } catch (error) {
    if (error instanceof Problem && error.retryable) {
      again();
      return;
    }
  }
  watched.delete(`${kind}/${id}`);
  ended(kind, id);
}

function show(kind: string, id: string, status: Status, late: boolean): void {
  const box = document.querySelector<HTMLElement>(`[data-run="${id}"][data-kind="${kind}"]`);
  const bar = box?.querySelector("progress");
  const text = box?.querySelector(".run__doing");
  if (!box || !bar || !text) return;
  if (status.of) [bar.max, bar.value] = [status.of, status.done];
  const share = status.of ? `${Math.floor((100 * status.done) / status.of)} % · ` : "";
  const waiting = status.state === "waiting";
  const words = waiting ? word(late ? "plan_late" : "plan_waiting") : share + word(`plan_${status.doing || "reading"}`, { queue: status.queue });
  if (text.textContent !== words) text.textContent = words;
}
