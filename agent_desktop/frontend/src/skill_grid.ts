// The grid of skills: a row for each agent, a column for each skill, in each cell the level.
import { AgentGrid, element } from "./agent_grid";
import { type Agent, type SkillTable, skillWords } from "./skill_table";
import { word } from "./words";

/** A cell by agent and skill; "" is the head row or the column of names. */
export interface Cell {
  agent: string;
  skill: string;
}

export class SkillGrid extends AgentGrid<Agent, Cell> {
  private readonly marks = new Map<string, string>(); // "saving" or "other", by cell

  constructor(
    root: HTMLElement,
    private readonly table: SkillTable,
  ) {
    super(root, { rowPx: 36, spareRows: 8, rowClass: "" });
  }

  get here(): Cell {
    return { agent: this.table.rows[this.row]?.id ?? "", skill: this.table.skills[this.column] ?? "" };
  }

  /** Draw everything anew; the focus stays at its agent and skill when they are still shown. */
  draw(): void {
    this.drawAll(this.indexOf(this.here.agent), this.table.skills.indexOf(this.here.skill));
  }

  /** Say anew what stands in this cell; `mark` is "saving", "other" or "". */
  drawCell(agent: string, skill: string, mark?: string): void {
    const key = `${agent} ${skill}`;
    if (mark) this.marks.set(key, mark);
    else if (mark === "") this.marks.delete(key);
    const cell = this.cellAt(this.indexOf(agent), this.table.skills.indexOf(skill));
    if (cell) this.write(cell, agent, skill);
  }

  /** Say anew who this is: on duty or not, chosen or not. */
  drawAgent(id: string): void {
    const index = this.indexOf(id);
    const [row, agent] = [this.shown.get(index), this.table.rows[index]];
    if (row && agent) this.writeName(row, agent);
  }

  /** Go to the column of a skill, and to its first agent when the focus was nowhere. */
  goTo(skill: string): void {
    this.go(Math.max(0, this.row), this.table.skills.indexOf(skill));
  }

  protected get rows(): readonly Agent[] {
    return this.table.rows;
  }

  protected get columns(): number {
    return this.table.skills.length;
  }

  protected headCells(): HTMLElement[] {
    const corner = element("span", "grid__corner", "columnheader", word("skill_agent"));
    const counts = element("span", "grid__legend", "", word("skill_counts"));
    counts.setAttribute("aria-hidden", "true");
    corner.append(counts);
    return [corner, ...this.table.skills.map((skill) => this.headCell(skill))];
  }

  protected nameCell(): HTMLElement {
    return element("span", "grid__name", "rowheader");
  }

  protected cells(agent: Agent): HTMLElement[] {
    return this.table.skills.map((skill) => {
      const cell = element("span", "cell", "gridcell");
      this.write(cell, agent.id, skill);
      return cell;
    });
  }

  protected emptyWords(): string {
    return word(this.table.empty ? "skill_none" : "skill_nobody");
  }

  private write(cell: HTMLElement, agent: string, skill: string): void {
    const level = this.table.level(agent, skill);
    cell.textContent = level ? String(level) : "·";
    cell.dataset["level"] = String(level);
    if (level) cell.removeAttribute("aria-label");
    else cell.setAttribute("aria-label", "0");
    cell.dataset["mark"] = this.marks.get(`${agent} ${skill}`) ?? "";
  }

  protected writeName(row: HTMLElement, agent: Agent): void {
    const chosen = this.table.chosen.has(agent.id);
    row.setAttribute("aria-selected", String(chosen));
    const tick = element("i", "grid__tick");
    tick.setAttribute("aria-hidden", "true");
    const dot = element("i", `dot grid__duty${agent.duty ? " dot--ready" : ""}`);
    dot.title = word(agent.duty ? "skill_on_duty" : "skill_off_duty");
    const who = element("span", "grid__who");
    who.append(element("span", "clip", "", agent.name));
    if (agent.site) who.append(element("span", "grid__told", "", ", "), element("span", "grid__site clip", "", agent.site));
    who.title = [agent.name, agent.id, agent.site].filter(Boolean).join(" · ");
    const duty = element("span", "grid__told", "", `, ${dot.title}`);
    row.firstElementChild?.replaceChildren(tick, dot, who, duty);
  }

  private headCell(skill: string): HTMLElement {
    const cell = element("span", "grid__skill", "columnheader");
    const { all, duty } = this.table.holders(skill);
    const gaps = this.table.gaps[skill] ?? [];
    const name = element("b", "grid__skillname");
    for (const part of skill.split(/(?<=[_-])/)) name.append(skillWords(part), document.createElement("wbr"));
    const counts = element("span", "grid__counts num", "", `${all} · ${duty}`);
    counts.setAttribute("aria-hidden", "true");
    const told = [word("skill_holders", { holders: String(all), duty: String(duty) }), ...gaps.map((gap) => gap.words)].join(" ");
    cell.append(name, counts, element("span", "grid__told", "", `, ${told}`));
    cell.title = `${skill}\n${told}`;
    cell.dataset["skill"] = skill;
    if (gaps.length) cell.dataset["gap"] = gaps.some((gap) => gap.bad) ? "bad" : "warm";
    return cell;
  }
}
