// Beside the grid: the chosen cell with its levels as buttons, and which queues the agent serves, before and after a change.
import { getJson } from "./api";
import { all, byId } from "./page";
import type { Cell } from "./skill_grid";
import type { Reach } from "./skill_saving";
import { type SkillTable, skillWords } from "./skill_table";

const pauseMs = 250; // nobody asks for each agent that the arrow keys pass

export class SkillPanel {
  private agent = "";
  private timer = 0;
  private asked = 0;

  constructor(
    private readonly table: SkillTable,
    set: (level: number) => void,
  ) {
    for (const button of all<HTMLButtonElement>("#levels button"))
      button.addEventListener("click", () => set(Number(button.dataset["level"])));
  }

  /** Show this cell; the queues are asked for when the focus stays with the agent. */
  show(cell: Cell): void {
    const agent = this.table.agent(cell.agent);
    const title = byId("cell-title");
    if (title && (agent || cell.skill)) title.textContent = [agent?.name, skillWords(cell.skill)].filter(Boolean).join(" · ");
    const levels = byId("levels");
    if (levels) levels.hidden = !agent || !cell.skill;
    this.showLevel(cell);
    if (!agent || agent.id === this.agent) return;
    this.agent = agent.id;
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.ask(agent.id), pauseMs);
  }

  /** Which of the levels it is now. */
  showLevel(cell: Cell): void {
    const level = String(this.table.level(cell.agent, cell.skill));
    for (const button of all<HTMLButtonElement>("#levels button"))
      button.setAttribute("aria-pressed", String(button.dataset["level"] === level));
  }

  /** What a change came to; newer than whatever is still being asked for. */
  reached(agent: string, rows: Reach[]): void {
    if (agent !== this.agent) return;
    this.asked += 1;
    window.clearTimeout(this.timer);
    this.draw(rows);
  }

  /** Others changed something of this agent. */
  again(agent: string): void {
    if (agent === this.agent) void this.ask(agent);
  }

  private async ask(agent: string): Promise<void> {
    this.asked += 1;
    const number = this.asked;
    const answer = await getJson<{ reach: Reach[] }>(`/api/skills/reach/${encodeURIComponent(agent)}`).catch(() => null);
    if (answer && number === this.asked) this.draw(answer.reach);
  }

  private draw(rows: Reach[]): void {
    const table = byId("reach");
    const empty = byId("reach-empty");
    if (!table || !empty) return;
    const changed = rows.some((row) => row.changed);
    table.hidden = rows.length === 0;
    empty.hidden = rows.length > 0;
    table.classList.toggle("reach--changed", changed);
    table.querySelector("tbody")?.replaceChildren(...rows.map(rowOf));
  }
}

function rowOf(row: Reach): HTMLElement {
  const made = document.createElement("tr");
  made.className = `${row.changed ? "reach__row--changed" : ""} ${row.serves ? "" : "reach__row--never"}`;
  const name = document.createElement("th");
  name.scope = "row";
  name.textContent = row.queue;
  const before = document.createElement("td");
  before.className = "reach__before";
  before.textContent = row.before;
  const after = document.createElement("td");
  after.textContent = row.after;
  made.append(name, before, after);
  return made;
}
