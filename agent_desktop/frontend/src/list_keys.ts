// Keys of pages of lists and papers: J and K move, / searches, and letters press the buttons that name them.
import { all, typing } from "./page";

/** The row in which the focus is, or null. */
function rowOf(element: Element | null, rows: string): HTMLElement | null {
  return element?.closest<HTMLElement>(rows) ?? null;
}

function move(rows: string, by: number): void {
  if (!rows) return;
  const every = all<HTMLElement>(rows);
  const here = rowOf(document.activeElement, rows);
  const next = every[here ? Math.max(0, Math.min(every.length - 1, every.indexOf(here) + by)) : 0];
  const target = next?.matches("a, [tabindex]") ? next : next?.querySelector<HTMLElement>("a");
  target?.focus();
  next?.scrollIntoView({ block: "nearest" });
}

/** `rows` are what J and K move over; a letter presses the `data-key` of the row in focus, else of the first row, else of the page. */
export function setUpListKeys(rows: string, more: Readonly<Record<string, () => void>> = {}): void {
  const moves: Readonly<Record<string, () => void>> = {
    j: () => move(rows, 1),
    k: () => move(rows, -1),
    "/": () => document.querySelector<HTMLElement>("#find")?.focus(),
    ...more,
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || typing(event.target)) return;
    const key = event.key.toLowerCase();
    const row = rows ? (rowOf(document.activeElement, rows) ?? document.querySelector<HTMLElement>(rows)) : null;
    const act = moves[key];
    const button = /^[a-z]$/.test(key) ? (row ?? document).querySelector<HTMLElement>(`[data-key="${key}"]`) : null;
    if (act) act();
    else if (button) button.click();
    else return;
    event.preventDefault();
  });
}
