// Ctrl+K: every command and every customer, by typing.
import { getJson } from "./api";
import { above, all, byId } from "./page";
import { word } from "./words";

type Piece = [text: string, marked: boolean];

interface Found {
  id: number;
  name: string;
  city: string;
  pieces: Piece[];
  by: Piece[];
}

/** What is done with a customer who was found: a look without leaving the page, or their whole page. */
export interface ForCustomers {
  look: (id: number) => void;
  open: (id: number) => void;
}

/** Something that a page can do. `key` does it too. */
export interface Command {
  label: string;
  key: string;
  run: () => void;
}

interface Row {
  label: Piece[];
  note: string;
  run: () => void;
  whole?: () => void;
}

const searchAfterMs = 120;
const shortest = 2;
let rows: Row[] = [];
let at = 0;
let timer = 0;
let asking: AbortController | null = null;
let commands: () => Command[] = () => [];
let people: ForCustomers | null = null;
let typed: (text: string) => Command | null = () => null;

const dialog = byId<HTMLDialogElement>("palette");
const field = byId<HTMLInputElement>("palette-text");
const list = byId("palette-list");

/** What this page can do, asked anew at each letter; what is done with customers, null: none are found here; and what the text typed
 * may itself stand for. */
export function usePalette(found: () => Command[], customers: ForCustomers | null, meant?: (text: string) => Command | null): void {
  if (meant) typed = meant;
  commands = found;
  people = customers;
  const hint = byId("palette-whole");
  if (hint) hint.hidden = !customers || customers.look === customers.open;
}

/** Open it, empty. */
export function openPalette(): void {
  if (!dialog || !field || dialog.open) return;
  field.value = "";
  show([]);
  dialog.showModal();
  field.focus();
}

function matching(text: string): Row[] {
  const wanted = text.toLowerCase();
  const meant = typed(text);
  const found = commands().filter((command) => command.label.toLowerCase().includes(wanted));
  return (meant ? [meant, ...found] : found)
    .map((command) => ({ label: [[command.label, false]], note: command.key, run: command.run }));
}

function show(customers: Row[], hint = ""): void {
  if (!list || !field) return;
  const found = matching(field.value.trim());
  rows = [...customers, ...found];
  at = 0;
  list.replaceChildren();
  if (customers.length) list.append(heading(word("customers")));
  customers.forEach((row, index) => list.append(line(row, index)));
  if (hint) list.append(heading(hint));
  if (found.length) list.append(heading(word("actions")));
  found.forEach((row, index) => list.append(line(row, customers.length + index)));
  mark();
}

function heading(text: string): HTMLElement {
  const item = document.createElement("li");
  item.className = "palette__heading";
  item.role = "presentation";
  item.textContent = text;
  return item;
}

function line(row: Row, index: number): HTMLElement {
  const item = document.createElement("li");
  item.className = "palette__row";
  item.role = "option";
  item.id = `palette-${index}`;
  item.dataset["index"] = String(index);
  const label = document.createElement("span");
  label.append(...row.label.map(([text, marked]) => piece(text, marked)));
  const note = document.createElement("span");
  note.className = "palette__note";
  note.textContent = row.note;
  item.append(label, note);
  return item;
}

function piece(text: string, marked: boolean): Node {
  if (!marked) return document.createTextNode(text);
  const made = document.createElement("mark");
  made.textContent = text;
  return made;
}

/** The name as it was found, with its form of address before it, and what else was found. */
function labelOf(found: Found): Piece[] {
  const name = found.pieces.map(([text]) => text).join("");
  const before = found.name.endsWith(name) ? found.name.slice(0, found.name.length - name.length) : "";
  return [[before, false], ...found.pieces, ...(found.by.length ? ([[" · ", false], ...found.by] as Piece[]) : [])];
}

function mark(): void {
  for (const item of all(".palette__row", list ?? document)) {
    const here = Number(item.dataset["index"]) === at;
    item.setAttribute("aria-selected", String(here));
    if (here) item.scrollIntoView({ block: "nearest" });
  }
  field?.setAttribute("aria-activedescendant", rows.length ? `palette-${at}` : "");
}

function run(index: number, whole: boolean): void {
  const row = rows[index];
  dialog?.close();
  if (whole && row?.whole) row.whole();
  else row?.run();
}

async function search(text: string): Promise<void> {
  asking?.abort();
  asking = new AbortController();
  try {
    const answer = await getJson<{ customers: Found[] }>(`/api/customers?q=${encodeURIComponent(text)}`, asking.signal);
    if (field?.value.trim() !== text) return;
    const customers = answer.customers.map((found) => ({
      label: labelOf(found),
      note: found.city,
      run: () => people?.look(found.id),
      whole: () => people?.open(found.id),
    }));
    show(customers, customers.length || matching(text).length ? "" : word("nobody_found"));
  } catch {
    // A newer search took its place, or the network is away: the next key searches again.
  }
}

field?.addEventListener("input", () => {
  window.clearTimeout(timer);
  const text = field.value.trim();
  const asks = people !== null && text.length >= shortest;
  show([], asks ? word("searching") : "");
  if (asks) timer = window.setTimeout(() => void search(text), searchAfterMs);
});
dialog?.addEventListener("keydown", (event) => {
  if (event.key === "ArrowDown") at = Math.min(at + 1, rows.length - 1);
  else if (event.key === "ArrowUp") at = Math.max(at - 1, 0);
  else if (event.key === "Enter") run(at, event.ctrlKey || event.metaKey);
  else return;
  event.preventDefault();
  mark();
});
list?.addEventListener("click", (event) => {
  const row = above(event.target, ".palette__row");
  if (row) run(Number(row.dataset["index"]), false);
});
