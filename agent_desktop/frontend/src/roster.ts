// The page of one roster: the grid, changed by mouse and by keyboard; a day of it as a picture; chosen cells anew; publishing.
import "./common";
import { getHtml, getJson, post, Problem } from "./api";
import { above, all, byId, typing } from "./page";
import { openPalette, usePalette, type Command } from "./palette";
import { followPromises } from "./promises";
import { CellDialog } from "./roster_cell";
import { Changes, showVerdict, type Put, type Verdict } from "./roster_change";
import { RosterGrid, kindsColoured, type Cell } from "./roster_grid";
import { RosterNews } from "./roster_news";
import { RosterTable, type GridData } from "./roster_table";
import { openKeymap } from "./sheet";
import { tell } from "./text_versions";
import { nextTheme } from "./theme";
import { toast } from "./toast";
import { word } from "./words";

const number = document.body.dataset["roster"] ?? "";
const api = `/api/planner/rosters/${number}`;
const table = new RosterTable();
const root = byId("grid") ?? document.body;
const grid = new RosterGrid(root, table);
const changes = new Changes(api, table, drawn, load);
const news = new RosterNews(number, table, busy, (agents) => {
  if (agents) drawn(agents, null);
  else look();
});
const dialog = new CellDialog(table, changes, (puts) => void change(puts));
let carried: Cell | null = null;
let waiting: Put[] = [];

function value(id: string): string {
  return byId<HTMLInputElement | HTMLSelectElement>(id)?.value ?? "";
}

/** Whether something is in the planner's hands that news must not take away. */
function busy(): boolean {
  return carried !== null || document.querySelector("dialog[open]") !== null;
}

function failed(error: unknown): void {
  toast(error instanceof Problem ? error.message : word("failed"));
}

async function load(): Promise<void> {
  table.take(await getJson<GridData>(`${api}/grid`));
  fillTeams();
  fillLegend();
  look();
}

function look(): void {
  table.look({ queue: value("queue"), team: value("team"), name: value("name") });
  grid.draw();
  const found = byId("found");
  if (found) found.textContent = word("roster_found", { count: String(table.rows.length), of: String(table.agents.length) });
  countChosen();
}

function fillTeams(): void {
  const select = byId<HTMLSelectElement>("team");
  if (!select || select.options.length > 1) return;
  const names = new Set(table.agents.flatMap((one) => [one.team, one.site]).filter(Boolean));
  for (const name of [...names].sort()) select.append(new Option(name, name));
}

function fillLegend(): void {
  const legend = byId("legend");
  if (!legend) return;
  legend.replaceChildren(
    ...table.kinds.map((kind, index) => {
      const item = document.createElement("span");
      item.className = "roster-kind";
      item.dataset["kind"] = String(index % kindsColoured);
      item.textContent = kind.label;
      return item;
    }),
  );
}

let drawing = 0;
function picture(): void {
  window.clearTimeout(drawing);
  drawing = window.setTimeout(() => {
    const query = new URLSearchParams({ day: value("day"), queue: value("queue") });
    void getHtml(`/planner/rosters/${number}/day?${query}`)
      .then((html) => {
        const box = byId("day-picture");
        if (box) box.innerHTML = html;
      })
      .catch(failed);
  }, 80);
}

function drawn(agents: string[], cost: number | null): void {
  for (const agent of agents) grid.drawAgent(agent);
  const box = byId("cost");
  if (box && cost !== null) box.textContent = word("roster_cost", { points: String(Math.round(cost)) });
  picture();
}

async function change(puts: Put[], anyway = false): Promise<void> {
  put(null);
  await changes.change(puts, anyway, (verdict: Verdict) => {
    waiting = puts;
    const list = byId("refused-rules");
    list?.replaceChildren(
      ...verdict.hard.map((text) => {
        const item = document.createElement("li");
        item.textContent = text;
        return item;
      }),
    );
    byId<HTMLDialogElement>("refused")?.showModal();
  });
}

/** Take a shift up, or put down what is carried. */
function put(cell: Cell | null): void {
  carried = cell;
  grid.mark(cell, null);
  changes.settle();
  showVerdict("verdict", null, cell ? word("roster_carried") : "");
  if (!cell) news.settled();
}

function over(cell: Cell | null): void {
  if (!carried) return;
  grid.mark(carried, cell);
  const puts = cell ? changes.exchange(carried, cell) : [];
  changes.ask(puts, (verdict) => carried && showVerdict("verdict", verdict, word("roster_carried")));
}

function edit(cell: Cell): void {
  if (cell.agent && cell.day >= 0 && table.mayChange) dialog.open(cell);
  else if (!table.mayChange) toast(word("roster_copy_first"));
}

function choose(): void {
  const { row, column } = grid.place;
  const agent = table.rows[row]?.id;
  if (row >= 0 && column >= 0 && agent) table.choose(agent, column);
  else if (row >= 0 && agent) table.chooseAll(table.days.map((_, day) => [agent, day]));
  else if (column >= 0) table.chooseAll(table.rows.map((one) => [one.id, column]));
  countChosen();
}

function countChosen(): void {
  grid.drawChosen();
  const button = document.querySelector<HTMLButtonElement>("[data-do=anew]");
  if (!button) return;
  button.disabled = table.chosen.size === 0;
  button.textContent = table.chosen.size ? word("roster_anew_count", { count: String(table.chosen.size) }) : word("roster_anew");
}

function askAnew(): void {
  if (!table.chosen.size) return;
  const words = byId("anew-words");
  if (words) words.textContent = word("roster_anew_words", { count: String(table.chosen.size) });
  byId<HTMLDialogElement>("anew")?.showModal();
}

async function askPublishing(): Promise<void> {
  const box = byId("publishing-look");
  const sheet = byId<HTMLDialogElement>("publishing");
  if (!box || !sheet || sheet.open) return;
  tell("publishing-problem", "");
  box.textContent = word("searching");
  sheet.showModal();
  await lookAtPublishing([]);
}

/** What publishing would do, when these days are given up; the box that has the focus keeps it. */
async function lookAtPublishing(given: string[]): Promise<void> {
  const box = byId("publishing-look");
  if (!box) return;
  const focused = document.activeElement instanceof HTMLInputElement ? document.activeElement.value : "";
  const asked = new URLSearchParams(given.map((key) => ["give_up", key]));
  try {
    box.innerHTML = await getHtml(`/planner/rosters/${number}/publishing?${asked.toString()}`);
    if (focused) box.querySelector<HTMLElement>(`input[value="${CSS.escape(focused)}"]`)?.focus();
  } catch (error) {
    box.textContent = error instanceof Problem ? error.message : word("failed");
  }
}

/** The days whose changes are not to be kept. */
function givenUp(): string[] {
  return all<HTMLInputElement>("#publishing-look input[name=give_up]:checked").map((each) => each.value);
}

async function publish(): Promise<void> {
  const button = byId<HTMLButtonElement>("publishing-now");
  if (!button || button.disabled) return;
  button.disabled = true;
  tell("publishing-problem", "");
  try {
    if (document.body.dataset["mayChange"]) await post(`${api}/publish`, { anyway: byId<HTMLInputElement>("publishing-anyway")?.checked ?? false, give_up: givenUp() });
    else await post(`${api}/withdraw`, {});
    window.location.reload();
  } catch (error) {
    tell("publishing-problem", error instanceof Problem ? error.message : word("failed"));
    button.disabled = false;
  }
}

const acts: Readonly<Record<string, () => void>> = {
  undo: () => void changes.undo(),
  anew: askAnew,
  keymap: openKeymap,
  publishing: () => void askPublishing(),
  reload: () => window.location.reload(),
  update: () => void post(`${api}/update`, {}).then(() => window.location.reload()).catch(failed),
  copy: () => void post<{ address: string }>(`${api}/copy`, {}).then(({ address }) => window.location.assign(address)).catch(failed),
};

document.addEventListener("click", (event) => {
  acts[above(event.target, "[data-do]")?.dataset["do"] ?? ""]?.();
});
byId("refused-anyway")?.addEventListener("click", () => {
  byId<HTMLDialogElement>("refused")?.close();
  void change(waiting, true);
});
byId("anew-form")?.addEventListener("submit", (event) => {
  event.preventDefault();
  const body = { cells: table.chosenCells, seconds: Number(value("anew-seconds")) || 0 };
  void post(`${api}/anew`, body)
    .then(() => window.location.assign("/planner/rosters"))
    .catch(failed);
});
byId("publishing-now")?.addEventListener("click", () => void publish());
byId("publishing-look")?.addEventListener("change", (event) => {
  if (event.target instanceof HTMLInputElement && event.target.name === "give_up") void lookAtPublishing(givenUp());
});

for (const id of ["queue", "team"]) byId(id)?.addEventListener("change", look);
byId("name")?.addEventListener("input", look);
for (const id of ["day", "queue"]) byId(id)?.addEventListener("change", picture);

root.addEventListener("dblclick", (event) => {
  const cell = grid.cellOf(event.target);
  if (cell) edit(cell);
});
root.addEventListener("click", (event) => {
  const head = above(event.target, ".roster-dayhead");
  const day = byId<HTMLSelectElement>("day");
  if (head && day) {
    day.value = head.dataset["day"] ?? "0";
    picture();
  }
  const cell = grid.cellOf(event.target);
  if (cell && matchMedia("(pointer: coarse)").matches) edit(cell);
});
root.addEventListener("dragstart", (event) => {
  const cell = grid.cellOf(event.target);
  if (!cell || !table.mayChange) return;
  event.dataTransfer?.setData("text/plain", "shift");
  put(cell);
});
root.addEventListener("dragover", (event) => {
  const cell = grid.cellOf(event.target);
  if (!carried || !cell) return;
  event.preventDefault();
  if (isOver(cell)) return;
  dragged = cell;
  over(cell);
});
root.addEventListener("drop", (event) => {
  const cell = grid.cellOf(event.target);
  if (!carried || !cell) return;
  event.preventDefault();
  void change(changes.exchange(carried, cell));
});
root.addEventListener("dragend", () => {
  dragged = null;
  put(null);
});

let dragged: Cell | null = null;
function isOver(cell: Cell): boolean {
  return dragged !== null && dragged.agent === cell.agent && dragged.day === cell.day;
}

const arrows: Readonly<Record<string, readonly [number, number]>> = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
function tellCell(cell: Cell | null): void {
  const box = byId("told");
  const agent = cell ? table.agents.find((one) => one.id === cell.agent) : undefined;
  if (!box || !cell || !agent || cell.day < 0) return;
  const shift = table.shift(cell.agent, cell.day);
  const said = shift ? [table.kinds[shift.kind]?.label, table.hours(shift), table.breaks(shift), table.trainingOf(cell.agent, cell.day)] : [word("roster_day_off")];
  box.textContent = [`${agent.name}, ${table.days[cell.day]?.label ?? ""}`, ...said.filter(Boolean)].join(" · ");
}

root.addEventListener("pointerover", (event) => tellCell(grid.cellOf(event.target)));
grid.moved = (cell) => {
  tellCell(cell);
  if (carried && cell.day >= 0) over(cell);
};
root.addEventListener("keydown", (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey) return;
  const arrow = arrows[event.key];
  const { row, column } = grid.place;
  if (arrow) grid.move(...arrow);
  else if (event.key === "Home") grid.go(row, -1);
  else if (event.key === "End") grid.go(row, grid.lastColumn);
  else if (event.key === "PageUp") grid.go(Math.max(0, row - grid.pageRows), column);
  else if (event.key === "PageDown") grid.go(row + grid.pageRows, column);
  else if (event.key === " ") choose();
  else if (event.key === "Escape" && carried) put(null);
  else if (event.key === "Enter" && carried) void change(changes.exchange(carried, grid.here));
  else if (event.key === "Enter") edit(grid.here);
  else if (event.key.toLowerCase() === "m") takeUp();
  else if (event.key === "Delete" && table.mayChange && column >= 0 && table.shift(grid.here.agent, column)) void change([{ ...grid.here, to: null }]);
  else return;
  event.preventDefault();
});

function takeUp(): void {
  if (!table.mayChange) toast(word("roster_copy_first"));
  else if (table.shift(grid.here.agent, grid.here.day)) put(grid.here);
}

document.addEventListener("keydown", (event) => {
  const control = event.ctrlKey || event.metaKey;
  if (document.querySelector("dialog[open]")) return;
  if (control && event.key.toLowerCase() === "k") openPalette();
  else if (control && event.key.toLowerCase() === "z" && !typing(event.target) && table.mayChange) void changes.undo();
  else if (event.key === "?" && !typing(event.target)) openKeymap();
  else return;
  event.preventDefault();
});

usePalette((): Command[] => {
  const found: Command[] = [{ label: word(table.mayChange ? "roster_publish" : "roster_take_back"), key: "", run: () => void askPublishing() }];
  if (table.mayChange) found.push({ label: word("plan_undo"), key: "Ctrl Z", run: () => void changes.undo() });
  else found.push({ label: word("roster_copy"), key: "", run: () => acts["copy"]?.() });
  if (table.chosen.size) found.push({ label: word("roster_anew"), key: "", run: askAnew });
  for (const [key, address] of [["roster_print", `/planner/rosters/${number}/print`], ["roster_list", "/planner/rosters"]] as const) {
    found.push({ label: word(key), key: "", run: () => window.location.assign(address) });
  }
  return [...found, { label: word("do_keymap"), key: "?", run: openKeymap }, { label: word("do_theme"), key: "", run: nextTheme }];
}, null);

for (const sheet of all<HTMLDialogElement>("dialog")) sheet.addEventListener("close", () => news.settled());
void load()
  .catch(failed)
  .finally(() => news.listen());
picture();
followPromises(); // supervisors look here too
