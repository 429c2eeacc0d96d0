// The planner's page of contracts: one changed in a dialog, many brought as a table, whose faults are told row by row.
import "./common";
import { post, postFile, Problem } from "./api";
import { above, all, byId } from "./page";
import { send } from "./plan_forms";
import { followPromises } from "./promises";
import "./sheet";
import { toast } from "./toast";
import { word } from "./words";

interface Kept {
  html: string;
}

const api = "/api/planner/contracts";
const form = byId<HTMLFormElement>("contract-form");
const dialog = byId<HTMLDialogElement>("contract");
let agent = "";

function show(html: string): void {
  const box = byId("contracts");
  if (box) box.innerHTML = html;
}

function field(name: string): HTMLInputElement | null {
  return form?.querySelector<HTMLInputElement>(`[name=${name}]`) ?? null;
}

const texts = ["hours_a_week", "days_a_week", "most_in_a_row", "most_weekends", "available"];
const ticks = ["overtime", "protected"];

function edit(row: HTMLElement): void {
  if (!form || !dialog) return;
  agent = row.dataset["agent"] ?? "";
  const fields = JSON.parse(row.dataset["fields"] ?? "{}") as Record<string, string>;
  const label = byId("contract-label");
  if (label) label.textContent = row.dataset["name"] ?? "";
  for (const made of all(".fault[data-made]", form)) made.remove();
  for (const wrong of all("[aria-invalid]", form)) wrong.removeAttribute("aria-invalid");
  for (const name of texts) {
    const input = field(name);
    if (input) input.value = fields[name] ?? "";
  }
  for (const name of ticks) {
    const input = field(name);
    if (input) input.checked = Boolean(fields[name]);
  }
  const chosen = (fields["patterns"] ?? "").split(" ");
  for (const box of all<HTMLInputElement>("[name=pattern]", form)) box.checked = chosen.includes(box.value);
  const drop = byId("contract-drop");
  if (drop) drop.hidden = row.classList.contains("empty-row");
  dialog.showModal();
  field("hours_a_week")?.select();
}

form?.addEventListener("submit", (event) => {
  event.preventDefault();
  const fields: Record<string, string> = {};
  for (const name of texts) fields[name] = (field(name)?.value ?? "").trim();
  for (const name of ["hours_a_week", "days_a_week"]) fields[name] = (fields[name] ?? "").replace(",", ".");
  for (const name of ticks) fields[name] = field(name)?.checked ? "yes" : "no";
  fields["patterns"] = all<HTMLInputElement>("[name=pattern]:checked", form).map((box) => box.value).join(" ");
  void send<Kept>(form, `${api}/${agent}`, fields).then((answer) => {
    if (!answer) return;
    dialog?.close();
    done(answer);
    toast(word("plan_kept"));
  });
});

function done(answer: Kept): void {
  show(answer.html);
  document.querySelector<HTMLElement>(`tr[data-agent="${agent}"] [data-do=edit]`)?.focus();
}

byId("contract-drop")?.addEventListener("click", () => {
  void post<Kept>(`${api}/${agent}/drop`, {})
    .then((answer) => {
      dialog?.close();
      done(answer);
      toast(word("contract_dropped"));
    })
    .catch((error: unknown) => toast(error instanceof Problem ? error.message : word("failed")));
});

document.addEventListener("click", (event) => {
  const act = above(event.target, "[data-do]")?.dataset["do"];
  const row = above(event.target, "tr[data-agent]");
  if (act === "edit" && row) edit(row);
  if (act === "bring") byId<HTMLInputElement>("contracts-file")?.click();
});

byId<HTMLInputElement>("contracts-file")?.addEventListener("change", (event) => {
  const input = event.target as HTMLInputElement;
  const file = input.files?.[0];
  if (!file) return;
  faults([], 0);
  void postFile<Kept & { count: number }>(`${api}/file`, file)
    .then((answer) => {
      show(answer.html);
      toast(word("plan_brought", { count: String(answer.count) }));
    })
    .catch((error: unknown) => {
      const told = error instanceof Problem ? (error.details as { rows?: string[]; more?: number } | null) : null;
      if (told?.rows) faults(told.rows, told.more ?? 0);
      else toast(error instanceof Problem ? error.message : word("failed"));
    })
    .finally(() => {
      input.value = ""; // the same file again, mended meanwhile
    });
});

/** What is wrong in a table, row by row. */
function faults(rows: string[], more: number): void {
  const box = byId("faults");
  if (!box) return;
  box.hidden = rows.length === 0;
  const list = document.createElement("ul");
  for (const text of [...rows, ...(more ? [word("roster_more", { count: String(more) })] : [])]) {
    const item = document.createElement("li");
    item.textContent = text;
    list.append(item);
  }
  const head = document.createElement("b");
  head.textContent = word("contract_faults");
  const inner = document.createElement("div");
  inner.append(head, list);
  box.replaceChildren(inner);
  if (rows.length) box.focus();
}

followPromises(); // supervisors look here too
