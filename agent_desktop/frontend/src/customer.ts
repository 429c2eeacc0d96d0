// A customer's page: every field is changed in place, the history goes on as far back as it is read.
import "./common";
import { getHtml, post } from "./api";
import { edit, leave, openForm, save, sayProblem } from "./customer_form";
import { followMerges } from "./customer_merge";
import { above, all, byId, typing } from "./page";
import { openPalette, usePalette, type Command } from "./palette";
import { callNumbers } from "./dial_page";
import { followPromises } from "./promises";
import { openKeymap } from "./sheet";
import { nextTheme } from "./theme";
import { toast } from "./toast";
import { word } from "./words";
import { chooseTab } from "./work_area";

const page = byId("customer");
const customer = document.body.dataset["customer"] ?? "";

function show(html: string): void {
  const open = all<HTMLDetailsElement>("details[open]", page ?? document).map((one) => one.className);
  if (page) page.innerHTML = html;
  for (const one of all<HTMLDetailsElement>("details", page ?? document)) if (open.includes(one.className)) one.open = true;
}

function saved(html: string, change: number | null, group: string): void {
  show(html);
  document.querySelector<HTMLElement>(`[data-edit="${group}"]`)?.focus();
  toast(word("customer_saved"), change === null ? undefined : { label: word("customer_undo"), run: () => void undo(String(change)) });
}

async function undo(change: string): Promise<void> {
  try {
    show((await post<{ html: string }>(`/api/customers/${customer}/undo`, { change: Number(change) })).html);
    toast(word("customer_undone"));
  } catch (error) {
    sayProblem(error);
  }
}

function undoLast(): void {
  const button = document.querySelector<HTMLElement>("[data-undo]");
  if (button) void undo(button.dataset["undo"] ?? "");
}

/** Put the next page of the history in the place of the button that asks for it; the focus goes to the first of it. */
async function older(button: HTMLElement): Promise<void> {
  button.setAttribute("aria-disabled", "true");
  try {
    const next = document.createElement("ol");
    next.innerHTML = await getHtml(button.dataset["older"] ?? "");
    const first = next.querySelector<HTMLElement>(".past");
    button.closest("li")?.replaceWith(...next.children);
    if (first) {
      first.tabIndex = -1;
      first.focus();
    }
  } catch (error) {
    button.removeAttribute("aria-disabled");
    sayProblem(error);
  }
}

function showOlder(): void {
  const button = document.querySelector<HTMLElement>("[data-older]");
  if (button) void older(button);
}

function showTrail(): void {
  const trail = document.querySelector<HTMLDetailsElement>(".trail");
  if (trail) trail.open = true;
  trail?.querySelector("summary")?.focus();
}

function commands(): Command[] {
  const found: Command[] = all("[data-edit]").map((button) => ({
    label: button.getAttribute("aria-label") ?? "",
    key: button.dataset["edit"] === "name" ? "E" : "",
    run: () => edit(button.dataset["edit"] ?? ""),
  }));
  if (document.querySelector("[data-undo]")) found.push({ label: word("customer_undo"), key: "Ctrl Z", run: undoLast });
  if (document.querySelector("[data-older]")) found.push({ label: word("customer_older"), key: "O", run: showOlder });
  found.push({ label: word("customer_trail"), key: "", run: showTrail });
  found.push({ label: word("do_keymap"), key: "?", run: openKeymap });
  return [...found, { label: word("do_theme"), key: "", run: nextTheme }];
}

const open = (id: number): void => window.location.assign(`/customers/${id}`);
usePalette(commands, { look: open, open });
followMerges(show);

document.addEventListener("click", (event) => {
  const wanted = above(event.target, "[data-edit], [data-cancel], [data-undo], [data-older], [data-tab], [data-do=palette], [data-do=keymap]");
  if (!wanted) return;
  const { edit: group, undo: change, tab } = wanted.dataset;
  const form = openForm();
  if (group) edit(group);
  else if (change) void undo(change);
  else if (tab) chooseTab(above(wanted, "[data-tabs]") ?? wanted, tab);
  else if (wanted.dataset["older"]) void older(wanted);
  else if (wanted.dataset["do"] === "palette") openPalette();
  else if (wanted.dataset["do"] === "keymap") openKeymap();
  else if (form) leave(form);
});
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || !form.dataset["form"]) return;
  event.preventDefault();
  void save(form, saved);
});
document.addEventListener("keydown", (event) => {
  const inDialog = document.querySelector("dialog[open]") !== null;
  const control = event.ctrlKey || event.metaKey;
  const plain = !control && !event.altKey;
  const form = openForm();
  const letter = event.key.toLowerCase();
  const tab = above(event.target, "[role=tab]");
  if (control && letter === "k") openPalette();
  else if (inDialog) return;
  else if (form && event.key === "Escape") leave(form);
  else if (form && control && event.key === "Enter") form.requestSubmit();
  else if (typing(event.target)) return;
  else if (control && letter === "z") undoLast();
  else if (plain && letter === "e") edit("name");
  else if (plain && letter === "o") showOlder();
  else if (plain && event.key === "?") openKeymap();
  else if (tab && (event.key === "ArrowRight" || event.key === "ArrowLeft")) nextTab(tab, event.key === "ArrowRight" ? 1 : -1);
  else return;
  event.preventDefault();
});

function nextTab(tab: HTMLElement, step: number): void {
  const list = above(tab, "[data-tabs]");
  if (!list) return;
  const tabs = all("[role=tab]", list);
  const next = tabs[(tabs.indexOf(tab) + step + tabs.length) % tabs.length];
  chooseTab(list, next?.dataset["tab"] ?? "");
  next?.focus();
}

callNumbers();
followPromises();
