// The supervisors' page of skills: a grid of agents and skills in which a digit counts at once.
import "./common";
import { getJson } from "./api";
import { above, byId } from "./page";
import { showPromises } from "./promises";
import { type Cell, SkillGrid } from "./skill_grid";
import { setUpKeys } from "./skill_keys";
import { SkillPanel } from "./skill_panel";
import { type Change, type Pushed, Saving } from "./skill_saving";
import { SkillTable, type TableJson, skillWords } from "./skill_table";
import { setUpUpload } from "./skill_upload";
import { Stream } from "./stream";
import { toast } from "./toast";
import { word } from "./words";

const mostGaps = 8;
const root = byId("grid") as HTMLElement;
const table = new SkillTable();
const grid = new SkillGrid(root, table);
const namePattern = new RegExp(`^(?:${document.body.dataset["skillName"] ?? ""})$`);
let overtaken: (Cell & { by: string; level: number; mine: number }) | null = null; // by somebody else, in the cell in focus
let chosenLast = -1;

/** For ears always, for eyes when it is no plain "saved". */
function say(text: string, loud = false, again?: () => void): void {
  const said = byId("said");
  if (loud) toast(text, again && { label: word("skill_try_again"), run: again });
  else if (said) said.textContent = said.textContent === text ? `${text} ` : text;
}

const saving = new Saving(table, {
  here: () => grid.here,
  drawCells(cells, mark) {
    for (const [agent, skill] of cells) grid.drawCell(agent, skill, mark);
    panel.showLevel(grid.here);
  },
  drawHead() {
    if (root.getAttribute("aria-colcount") === String(table.skills.length + 1)) grid.drawHead();
    else draw();
    drawGaps();
  },
  reached: (agent, rows) => panel.reached(agent, rows),
  say,
  changedHere(by, level) {
    overtaken = { ...grid.here, by, level, mine: -1 };
    panel.again(grid.here.agent);
  },
  undoable(yes) {
    const button = byId<HTMLButtonElement>("undo");
    if (button) button.disabled = !yes;
  },
});
const panel = new SkillPanel(table, set);

/** Set the cell in focus, and the same skill of all chosen agents when its agent is one of them. */
function set(level: number): void {
  const { agent, skill } = grid.here;
  if (!agent || !skill) return;
  if (overtaken?.agent === agent && overtaken.skill === skill && overtaken.level !== level && overtaken.mine !== level) {
    overtaken.mine = level;
    say(word("skill_overtaken", { by: overtaken.by, level: String(overtaken.level), mine: String(level) }), true);
    return;
  }
  overtaken = null;
  setFor(table.chosen.has(agent) ? [...table.chosen] : [agent], skill, level);
}

function setFor(agents: readonly string[], skill: string, level: number): void {
  void saving.save(agents.map((agent): Change => [agent, skill, level, table.level(agent, skill)]));
}

/** Choose the agent in focus or no more; with `upTo` all agents up to that row. */
function choose(upTo: number | null): void {
  const { row } = grid.place;
  const agent = table.rows[row];
  if (!agent) return;
  if (upTo === null) {
    if (!table.chosen.delete(agent.id)) table.chosen.add(agent.id);
  } else for (const one of table.rows.slice(Math.max(0, Math.min(row, upTo)), Math.max(row, upTo) + 1)) table.chosen.add(one.id);
  chosenLast = row;
  showChosen();
}

function showChosen(): void {
  const count = table.chosen.size;
  for (const agent of table.rows) grid.drawAgent(agent.id);
  const [bar, words] = [byId("bulk"), byId("bulk-count")];
  if (!bar || !words) return;
  bar.hidden = count === 0;
  words.textContent = count === 1 ? word("skill_chosen_one") : word("skill_chosen_many", { count: String(count) });
  if (count) say(words.textContent);
  const select = byId<HTMLSelectElement>("bulk-skill");
  const skill = grid.here.skill;
  if (select && skill && document.activeElement !== select) select.value = skill;
}

function draw(): void {
  grid.draw();
  const select = byId<HTMLSelectElement>("bulk-skill");
  const before = select?.value;
  select?.replaceChildren(...table.every.map((skill) => new Option(skillWords(skill), skill)));
  if (select && before && table.every.includes(before)) select.value = before;
}

/** What too few can do, as buttons that lead to the column. */
function drawGaps(): void {
  const list = byId("gaps");
  if (!list) return;
  const told = new Map<string, { skill: string; bad: boolean }>();
  for (const [skill, gaps] of Object.entries(table.gaps))
    for (const { words, bad } of gaps) if (!told.has(words)) told.set(words, { skill, bad });
  const shown = [...told].sort(([, one], [, other]) => Number(other.bad) - Number(one.bad));
  const focused = document.activeElement?.closest<HTMLElement>("#gaps button")?.dataset["skill"];
  list.replaceChildren(
    ...shown.slice(0, mostGaps).map(([words, { skill, bad }]) => {
      const item = document.createElement("li");
      const button = document.createElement("button");
      button.type = "button";
      button.className = `gap gap--${bad ? "bad" : "warm"}`;
      button.dataset["skill"] = skill;
      button.textContent = words;
      item.append(button);
      return item;
    }),
  );
  if (shown.length > mostGaps) {
    const more = document.createElement("li");
    more.className = "quiet";
    more.textContent = word("skill_more_gaps", { count: String(shown.length - mostGaps) });
    list.append(more);
  }
  list.hidden = shown.length === 0;
  if (focused) list.querySelector<HTMLElement>(`[data-skill="${focused}"]`)?.focus();
}

function load(fresh: TableJson): void {
  table.load(fresh);
  draw();
  drawGaps();
  showChosen();
}

function showAll(): void {
  for (const id of ["find-agent", "find-skill"]) {
    const field = byId<HTMLInputElement>(id);
    if (field) field.value = "";
  }
  const duty = byId<HTMLInputElement>("duty-only");
  if (duty) duty.checked = false;
  table.find({ agent: "", skill: "", duty: false });
}

function addSkill(field: HTMLInputElement): void {
  const skill = field.value.trim();
  if (!namePattern.test(skill)) {
    field.setAttribute("aria-invalid", "true");
    say(word("skill_name_wrong"), true);
    return;
  }
  field.removeAttribute("aria-invalid");
  field.value = "";
  showAll();
  say(word(table.addColumn(skill) ? "skill_added" : "skill_there", { skill }), true);
  draw();
  grid.goTo(skill);
}

grid.moved = (cell) => {
  if (overtaken && (overtaken.agent !== cell.agent || overtaken.skill !== cell.skill)) overtaken = null;
  panel.show(cell);
};
setUpKeys(root, grid, {
  set,
  choose,
  escape() {
    const { agent, skill } = grid.here;
    void saving.undoIn(agent, skill).then((found) => {
      if (found) return;
      if (table.chosen.size) clearChosen();
      else say(word("skill_nothing_to_undo"));
    });
  },
  undo: () => void saving.undo(),
});
setUpUpload(table, (changes) => saving.save(changes));

function clearChosen(): void {
  const agents = [...table.chosen];
  table.chosen.clear();
  for (const agent of agents) grid.drawAgent(agent);
  showChosen();
}

root.addEventListener("click", (event) => {
  const cell = above(event.target, "[aria-colindex]");
  cell?.focus({ preventScroll: true });
  if (above(event.target, ".grid__name")) choose(event.shiftKey && chosenLast >= 0 ? chosenLast : null);
});
byId("gaps")?.addEventListener("click", (event) => {
  const skill = above(event.target, "[data-skill]")?.dataset["skill"];
  if (!skill) return;
  if (!table.skills.includes(skill)) showAll();
  draw();
  grid.goTo(skill);
});
byId("undo")?.addEventListener("click", () => void saving.undo());
byId("bulk-clear")?.addEventListener("click", clearChosen);
byId("bulk")?.addEventListener("submit", (event) => {
  event.preventDefault();
  const skill = byId<HTMLSelectElement>("bulk-skill")?.value ?? "";
  setFor([...table.chosen], skill, Number(byId<HTMLSelectElement>("bulk-level")?.value));
});
byId("add-skill")?.addEventListener("submit", (event) => {
  event.preventDefault();
  const field = byId<HTMLInputElement>("new-skill");
  if (field) addSkill(field);
});
for (const [id, what] of [["find-agent", "agent"], ["find-skill", "skill"]] as const)
  byId<HTMLInputElement>(id)?.addEventListener("input", (event) => {
    table.find({ [what]: (event.target as HTMLInputElement).value });
    draw();
  });
byId<HTMLInputElement>("duty-only")?.addEventListener("change", (event) => {
  table.find({ duty: (event.target as HTMLInputElement).checked });
  draw();
});

new Stream((after) => `/events/skills?after=${after || (document.body.dataset["position"] ?? "")}`, {
  on: {
    skills: (message: Pushed) => {
      const strangers = message.changes.some(({ cells }) => cells.some(([agent]) => !table.agent(agent)));
      if (strangers) void getJson<TableJson>("/api/skills").then(load);
      else saving.pushed(message);
    },
    duty: (message: { agents: Record<string, boolean> }) => {
      for (const [id, duty] of Object.entries(message.agents)) {
        const agent = table.agent(id);
        if (agent) agent.duty = duty;
        grid.drawAgent(id);
      }
      grid.drawHead();
    },
    table: () => void getJson<TableJson>("/api/skills").then(load),
    promises: (message: { open: number }) => showPromises(message.open),
    over: () => window.location.reload(),
    unavailable: () => undefined,
  },
  connected(yes) {
    document.body.dataset["stream"] = yes ? "on" : "off";
  },
});
load(JSON.parse(byId("table")?.textContent ?? "{}") as TableJson);
