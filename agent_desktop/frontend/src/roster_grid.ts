// The roster as a grid: a row for each agent, a column for each day.
import { AgentGrid, element } from "./agent_grid";
import { above } from "./page";
import type { RosterAgent, RosterTable } from "./roster_table";
import { word } from "./words";

export const kindsColoured = 8;

/** A cell by agent and day; "" is the head row, -1 the column of names. */
export interface Cell {
  agent: string;
  day: number;
}

export class RosterGrid extends AgentGrid<RosterAgent, Cell> {
  private marked: Cell | null = null;
  private over: Cell | null = null;

  constructor(
    root: HTMLElement,
    private readonly table: RosterTable,
  ) {
    super(root, { rowPx: 44, spareRows: 6, rowClass: "roster-row" });
  }

  get here(): Cell {
    return { agent: this.table.rows[this.row]?.id ?? "", day: this.column };
  }

  /** Draw everything anew; the focus stays at its agent and day when they are still shown. */
  draw(): void {
    this.drawAll(this.indexOf(this.here.agent), -1);
  }

  /** Say anew what stands in this agent's row. */
  drawAgent(agent: string): void {
    const index = this.indexOf(agent);
    const [row, one] = [this.shown.get(index), this.table.rows[index]];
    if (!row || !one) return;
    this.writeName(row, one);
    this.table.days.forEach((_, day) => this.write(row.children[day + 1] as HTMLElement, one, day));
  }

  /** Say anew what is chosen. */
  drawChosen(): void {
    for (const [index, row] of this.shown) {
      const one = this.table.rows[index];
      if (one) this.table.days.forEach((_, day) => row.children[day + 1]?.setAttribute("aria-selected", String(this.table.isChosen(one.id, day))));
    }
  }

  /** The shift that is carried, and the cell over which it is. */
  mark(from: Cell | null, over: Cell | null): void {
    for (const cell of [this.marked, this.over]) if (cell) this.flag(cell, "");
    [this.marked, this.over] = [from, over];
    if (from) this.flag(from, "carried");
    if (over && (over.agent !== from?.agent || over.day !== from.day)) this.flag(over, "over");
  }

  /** The cell at this place of the page. */
  cellOf(target: EventTarget | null): Cell | null {
    const cell = above(target, "[data-day]");
    const row = above(target, "[data-agent]");
    return cell && row ? { agent: row.dataset["agent"] ?? "", day: Number(cell.dataset["day"]) } : null;
  }

  protected get rows(): readonly RosterAgent[] {
    return this.table.rows;
  }

  protected get columns(): number {
    return this.table.days.length;
  }

  protected headCells(): HTMLElement[] {
    return [element("span", "grid__corner", "columnheader", word("roster_agent")), ...this.table.days.map((_, day) => this.headCell(day))];
  }

  protected nameCell(): HTMLElement {
    return element("span", "grid__name roster-name", "rowheader");
  }

  protected cells(agent: RosterAgent): HTMLElement[] {
    return this.table.days.map((day, column) => {
      const cell = element("span", `shift${day.weekend ? " shift--weekend" : ""}${day.monday ? " shift--monday" : ""}`, "gridcell");
      cell.dataset["day"] = String(column);
      this.write(cell, agent, column);
      return cell;
    });
  }

  protected emptyWords(): string {
    return word(this.table.agents.length ? "roster_nobody" : "roster_no_agents");
  }

  private flag(cell: Cell, flag: string): void {
    const row = this.shown.get(this.indexOf(cell.agent));
    const place = row?.children[cell.day + 1] as HTMLElement | undefined;
    if (place) place.dataset["flag"] = flag;
  }

  private write(cell: HTMLElement, agent: RosterAgent, day: number): void {
    const shift = this.table.shift(agent.id, day);
    const training = this.table.trainingOf(agent.id, day);
    const off = this.table.hasTimeOff(agent.id, day);
    cell.dataset["kind"] = shift ? String(shift.kind % kindsColoured) : off ? "off" : "";
    cell.draggable = shift !== null && this.table.mayChange;
    cell.setAttribute("aria-selected", String(this.table.isChosen(agent.id, day)));
    if (shift) {
      const name = this.table.kinds[shift.kind]?.label ?? "";
      const hours = this.table.hours(shift);
      cell.replaceChildren(element("b", "shift__hours num", "", hours), element("i", "shift__kind", "", training ? `${name} · ${word("roster_training")}` : name));
      cell.title = [`${name} ${hours}`, this.table.breaks(shift), training].filter(Boolean).join("\n");
    } else {
      cell.replaceChildren(element("span", off ? "shift__off" : "shift__none", "", off ? word("roster_time_off") : "·"));
      if (!off) cell.firstElementChild?.setAttribute("aria-hidden", "true");
      if (!off) cell.setAttribute("aria-label", word("roster_day_off"));
      cell.title = "";
    }
    if (shift || off) cell.removeAttribute("aria-label");
  }

  protected writeName(row: HTMLElement, agent: RosterAgent): void {
    const hours = this.table.weekHours(agent.id);
    const agreed = agent.week_min === null ? null : agent.week_min / 60;
    const weeks = element("span", "roster-name__hours num");
    hours.forEach((count, index) => {
      const [first, last] = this.table.weeks[index] ?? [0, 7];
      const whole = last - first === 7;
      const item = element("i", agreed !== null && whole && Math.abs(count - agreed) > 0.01 ? (count > agreed ? "over" : "under") : "", "", String(Math.round(count * 10) / 10));
      weeks.append(item, " ");
    });
    weeks.append(agreed === null ? word("roster_no_contract") : `/ ${agreed}`);
    const told = word("roster_hours", { hours: hours.map((one) => String(Math.round(one * 10) / 10)).join(", "), agreed: String(agreed ?? "–") });
    weeks.title = told;
    const name = element("span", "roster-name__who clip", "", agent.name);
    row.firstElementChild?.replaceChildren(name, weeks);
    (row.firstElementChild as HTMLElement).title = [agent.name, agent.id, agent.team, agent.site].filter(Boolean).join(" · ");
  }

  private headCell(day: number): HTMLElement {
    const known = this.table.days[day];
    const cell = element("span", `grid__skill roster-dayhead${known?.weekend ? " shift--weekend" : ""}${known?.monday ? " shift--monday" : ""}`, "columnheader", known?.label ?? "");
    cell.dataset["day"] = String(day);
    cell.title = known?.date ?? "";
    return cell;
  }
}
