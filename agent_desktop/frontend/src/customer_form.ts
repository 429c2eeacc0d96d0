// Changing a customer in place: one form at a time, what was typed kept until it is saved or left.
import { post, Problem } from "./api";
import { all, byId } from "./page";
import { toast } from "./toast";
import { word } from "./words";

interface Saved {
  html: string;
  change: number | null;
}

interface Fault {
  field: string;
  words: string;
}

interface Now {
  field: string;
  value: unknown;
  words: string;
  by: string;
}

type Typed = string | boolean | string[];
type Field = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

/** What a form does when the server has taken it: the page's new content, the change, and whose form it was. */
export type Show = (html: string, change: number | null, group: string) => void;

const fields = (form: HTMLFormElement): Field[] => all<Field>("input[name], textarea[name], select[name]", form);
const seenOf = (form: HTMLFormElement): Record<string, unknown> =>
  JSON.parse(form.querySelector("[data-seen]")?.textContent ?? "{}") as Record<string, unknown>;

/** The form that is open, or null. */
export function openForm(): HTMLFormElement | null {
  return document.querySelector<HTMLFormElement>("[data-form]:not([hidden])");
}

/** Open the form of this group, instead of any other. */
export function edit(group: string): void {
  const other = openForm();
  const form = document.querySelector<HTMLFormElement>(`[data-form="${group}"]`);
  if (!form || other === form) return;
  if (other) leave(other);
  form.hidden = false;
  const shown = document.querySelector<HTMLElement>(`[data-group="${group}"]`);
  if (shown) shown.hidden = true;
  const first = fields(form).at(group === "name" ? 1 : 0);
  first?.focus();
  if (first instanceof HTMLInputElement) first.select();
}

/** Leave the form as if it had never been opened; the button that opened it has the focus again. */
export function leave(form: HTMLFormElement): void {
  const group = form.dataset["form"] ?? "";
  form.reset();
  clear(form);
  form.hidden = true;
  const shown = document.querySelector<HTMLElement>(`[data-group="${group}"]`);
  if (shown) shown.hidden = false;
  document.querySelector<HTMLElement>(`[data-edit="${group}"]`)?.focus();
}

/** Send what was changed in the form. */
export async function save(form: HTMLFormElement, show: Show): Promise<void> {
  const seen = seenOf(form);
  const changes = fields(form)
    .filter((field) => isChanged(field))
    .map((field) => [field.name, seen[field.name] ?? null, typedIn(field)]);
  clear(form);
  if (!changes.length) {
    leave(form);
    toast(word("customer_same"));
    return;
  }
  try {
    const customer = document.body.dataset["customer"] ?? "";
    const saved = await post<Saved>(`/api/customers/${customer}/changes`, { changes });
    show(saved.html, saved.change, form.dataset["form"] ?? "");
  } catch (error) {
    const details = error instanceof Problem ? (error.details as { faults?: Fault[]; now?: Now[] } | null) : null;
    if (details?.faults) sayFaults(form, details.faults);
    else if (details?.now) sayMoved(form, details.now, show);
    else toast(error instanceof Problem ? error.message : word("failed"));
  }
}

function isChanged(field: Field): boolean {
  if (field instanceof HTMLSelectElement) return !(field.selectedOptions[0]?.defaultSelected ?? true);
  return field.value !== field.defaultValue;
}

function typedIn(field: Field): Typed {
  if (field.dataset["kind"] === "consent") return field.value === "yes";
  return field.dataset["lines"] === undefined ? field.value : field.value.split("\n");
}

function clear(form: HTMLFormElement): void {
  for (const line of all("[data-fault]", form)) line.hidden = true;
  for (const field of fields(form)) field.removeAttribute("aria-invalid");
  const moved = form.querySelector<HTMLElement>("[data-moved]");
  if (moved) moved.hidden = true;
}

function sayFaults(form: HTMLFormElement, faults: Fault[]): void {
  for (const { field, words } of faults) {
    const line = form.querySelector<HTMLElement>(`[data-fault="${field}"]`);
    if (line) {
      line.textContent = words;
      line.hidden = false;
    }
    fields(form).find((one) => one.name === field)?.setAttribute("aria-invalid", "true");
  }
  form.querySelector<HTMLElement>("[aria-invalid]")?.focus();
}

/** Somebody else wrote the same field: say who and what, and let the reader choose. */
function sayMoved(form: HTMLFormElement, now: Now[], show: Show): void {
  const box = form.querySelector<HTMLElement>("[data-moved]");
  if (!box) return;
  const told = now.map(({ words, by }) => {
    const line = document.createElement("p");
    line.textContent = word("customer_wrote", { by: by || word("customer_somebody"), words });
    return line;
  });
  const theirs = button(word("customer_take_theirs"), () => window.location.reload());
  const mine = button(word("customer_write_mine"), () => {
    const seen = form.querySelector("[data-seen]");
    if (seen) seen.textContent = JSON.stringify({ ...seenOf(form), ...Object.fromEntries(now.map((one) => [one.field, one.value])) });
    void save(form, show);
  });
  box.replaceChildren(...told, theirs, mine);
  box.hidden = false;
  theirs.focus();
}

function button(label: string, run: () => void): HTMLButtonElement {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "button";
  made.textContent = label;
  made.addEventListener("click", run);
  return made;
}

/** Say that something did not work, at the head of the page. */
export function sayProblem(error: unknown): void {
  const line = byId("page-problem");
  if (!line) return;
  line.textContent = error instanceof Problem ? error.message : word("failed");
  line.hidden = false;
}
