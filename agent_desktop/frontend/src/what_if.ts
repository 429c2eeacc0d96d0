// What if: sliders ask for the rest of the day otherwise; a newer question takes the place of the older; the answer is pushed.
import { post, Problem } from "./api";
import { all, byId } from "./page";
import { Stream } from "./stream";
import { toast } from "./toast";
import { word } from "./words";

interface Progress {
  state: string;
  done: number;
  of: number;
}

const pauseMs = 350;
const lateMs = 8000;
const page = Math.random().toString(36).slice(2, 12); // a question of this page does not replace one of another
const { query } = document.body.dataset;
let timer = 0;
let asked = 0;
let run = 0;
let stream: Stream | null = null;

/** Let the form ask. */
export function setUpWhatIf(): void {
  const form = byId<HTMLFormElement>("what-if");
  if (!form) return;
  form.addEventListener("input", () => slide(form));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    window.clearTimeout(timer);
    void ask(form);
  });
  byId("what-if-progress")?.querySelector("[data-do=stop-what-if]")?.addEventListener("click", () => void stop());
}

function slide(form: HTMLFormElement): void {
  chooseBy(form);
  for (const output of all<HTMLOutputElement>("output", form)) {
    const field = byId<HTMLInputElement>(output.htmlFor.value);
    const signed = field !== null && Number(field.min) < 0 && Number(field.value) > 0;
    output.textContent = `${signed ? "+" : ""}${field?.value ?? ""}`;
  }
  window.clearTimeout(timer);
  timer = window.setTimeout(() => void ask(form), pauseMs);
}

/** Only the sliders of one kind are there; those of the other count for nothing. */
function chooseBy(form: HTMLFormElement): void {
  const by = form.querySelector<HTMLInputElement>("[name=by]:checked")?.value ?? "ill";
  for (const label of all<HTMLElement>("[data-by]", form)) {
    label.hidden = label.dataset["by"] !== by;
    const field = label.querySelector("input");
    if (label.hidden && field) field.value = "0";
  }
}

function counts(form: HTMLFormElement, kind: "ill" | "group"): Record<string, number> {
  const found: Record<string, number> = {};
  for (const field of all<HTMLInputElement>(`[data-${kind}]`, form)) {
    if (Number(field.value)) found[field.dataset[kind] ?? ""] = Number(field.value);
  }
  return found;
}

async function ask(form: HTMLFormElement): Promise<void> {
  const mine = ++asked;
  stream?.end();
  stream = null;
  fault(form, "");
  show(word("plan_waiting"));
  const value = (name: string) => (form.elements.namedItem(name) as HTMLInputElement).value;
  const fields = {
    at: value("at"), volume: Number(value("volume")), aht: Number(value("aht")), ill: counts(form, "ill"), groups: counts(form, "group"), page,
  };
  try {
    const answer = await post<{ run: number }>("/api/the-day/what-if", fields);
    if (mine !== asked) return; // another was asked for meanwhile, and has taken its place
    run = answer.run;
    follow(form, mine, Date.now());
  } catch (error) {
    if (mine !== asked) return;
    const details = error instanceof Problem ? (error.details as { faults?: Record<string, string> } | null) : null;
    ended(form, details?.faults?.["at"] ?? (error instanceof Problem ? error.message : word("failed")));
  }
}

function follow(form: HTMLFormElement, mine: number, since: number): void {
  const last = (then: () => void) => {
    if (mine !== asked) return;
    stream?.end();
    stream = null;
    then();
  };
  stream = new Stream(() => `/events/what-if/${run}?${query ?? ""}`, {
    on: {
      progress: (found: Progress) => {
        if (mine !== asked) return;
        const waits = word(Date.now() - since > lateMs ? "day_what_if_late" : "plan_waiting");
        if (found.state === "waiting") show(waits);
        else show(word("day_playing", { share: String(found.of ? Math.floor((100 * found.done) / found.of) : 0) }), found);
      },
      result: (found: { html: string }) =>
        last(() => {
          const result = byId("what-if-result");
          if (result) result.innerHTML = found.html;
          ended(form, "");
        }),
      fault: (found: { message: string }) => last(() => ended(form, found.message)),
      cancelled: () => last(() => ended(form, "")),
    },
    connected: () => undefined,
  });
}

async function stop(): Promise<void> {
  try {
    await post(`/api/the-day/what-if/${run}/cancel`, {});
  } catch (error) {
    toast(error instanceof Problem ? error.message : word("failed"));
  }
}

function show(words: string, found: Progress | null = null): void {
  const box = byId("what-if-progress");
  const bar = box?.querySelector("progress");
  const text = box?.querySelector(".run__doing");
  const button = box?.querySelector<HTMLElement>("button");
  if (!bar || !text || !button) return;
  bar.hidden = button.hidden = words === "";
  if (found?.of) [bar.max, bar.value] = [found.of, found.done];
  else bar.removeAttribute("value");
  if (text.textContent !== words) text.textContent = words;
  byId("what-if-result")?.setAttribute("aria-busy", String(words !== ""));
}

function ended(form: HTMLFormElement, wrong: string): void {
  show("");
  fault(form, wrong);
}

function fault(form: HTMLFormElement, text: string): void {
  const place = form.querySelector<HTMLElement>("[data-fault=at]");
  if (!place) return;
  place.textContent = text;
  place.hidden = text === "";
}
