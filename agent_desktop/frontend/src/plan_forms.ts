// Forms and files of the planner's pages: sent as JSON, and what is wrong stands at its field.
import { post, postFile, postForm, Problem } from "./api";
import { all } from "./page";
import { toast } from "./toast";
import { word } from "./words";

export type Fields = Record<string, unknown>;

/** A number as people write it, with a comma or a point; null for nothing, NaN for what is none. */
export function numberOf(text: string): number | null {
  const trimmed = text.trim().replace(",", ".");
  return trimmed === "" ? null : Number(trimmed);
}

const language = (): string => document.documentElement.lang;

/** A number as people type it in the language of the page, of two places at most. */
export const asTyped = (value: number): string => value.toLocaleString(language(), { useGrouping: false, maximumFractionDigits: 2 });

/** A number as people read it in the language of the page. */
export const asShown = (value: number, places: number): string =>
  value.toLocaleString(language(), { minimumFractionDigits: places, maximumFractionDigits: places });

/** Send it; resolves to the answer, or to null when something is wrong, which then stands in the form. */
export async function send<Answer>(form: HTMLElement, path: string, fields: Fields): Promise<Answer | null> {
  clear(form);
  try {
    return await post<Answer>(path, fields);
  } catch (error) {
    tell(form, error);
    return null;
  }
}

/** Send the form itself with its files; as `send`. */
export async function sendForm<Answer>(form: HTMLFormElement, path: string): Promise<Answer | null> {
  clear(form);
  try {
    return await postForm<Answer>(path, new FormData(form));
  } catch (error) {
    tell(form, error);
    return null;
  }
}

/** Read a chosen file into `path`; faults stand below the field. */
export async function bring<Answer>(input: HTMLInputElement): Promise<Answer | null> {
  const file = input.files?.[0];
  const box = input.closest<HTMLElement>("section") ?? document.body;
  if (!file) return null;
  clear(box);
  try {
    return await postFile<Answer>(input.dataset["bring"] ?? "", file);
  } catch (error) {
    tell(box, error);
    return null;
  } finally {
    input.value = ""; // the same file again, mended meanwhile
  }
}

function clear(box: HTMLElement): void {
  for (const each of all("[aria-invalid]", box)) each.removeAttribute("aria-invalid");
  for (const each of all(".fault[data-made]", box)) each.remove();
  for (const each of all<HTMLElement>("[data-fault]", box)) each.hidden = true;
}

function tell(box: HTMLElement, error: unknown): void {
  const details = error instanceof Problem ? (error.details as { faults?: Record<string, string> } | null) : null;
  const faults = details?.faults;
  if (!faults) {
    toast(error instanceof Problem ? error.message : word("failed"));
    return;
  }
  let first = true;
  for (const [name, text] of Object.entries(faults)) {
    const place = box.querySelector<HTMLElement>(`[data-fault="${name}"]`);
    const field = box.querySelector<HTMLElement>(`[name="${name}"]`);
    if (place) {
      place.textContent = text;
      place.hidden = false;
    } else if (field) {
      const made = document.createElement("span");
      made.className = "fault";
      made.dataset["made"] = "yes";
      made.setAttribute("role", "alert");
      made.textContent = text;
      field.setAttribute("aria-invalid", "true");
      field.insertAdjacentElement("afterend", made);
    } else toast(text);
    if (first) field?.focus();
    first = false;
  }
}
