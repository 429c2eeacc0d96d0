// The roster as a grid: a row for each agent, a column for each day. Only the rows in sight are in the page, so that five hundred
// agents are as quick as five.
import { above } from "./page";
import type { RosterAgent, RosterTable } from "./roster_table";
import { word } from "./words";

const rowPx = 44;
const spareRows = 6;
const nameColumn = -1;
const headRow = -1;
const kindsColoured = 6;

/** A cell by agent and day; "" is the head row, -1 the column of names. */
export interface Cell {
  agent: string;
  day: number;
}

export class RosterGrid {
  private readonly head = element("div", "grid__row grid__head roster-row", "row");
  private readonly body = element("div", "grid__body", "rowgroup");
  private readonly shown = new Map<number, HTMLElement>();
  private row = 0;
  private column = 0;
  private marked: Cell | null = null;
  private over: Cell | null = null;
  moved: (cell: Cell) => void = () => undefined;

  constructor(
    private readonly root: HTMLElement,
    private readonly table: RosterTable,
  ) {
    const inner = element("div", "grid__inner", "presentation");
    const headGroup = element("div", "grid__headgroup", "rowgroup");
    headGroup.append(this.head);
    inner.append(headGroup, this.body);
    root.append(inner);
    root.addEventListener("scroll", () => this.fill(), { passive: true });
    new ResizeObserver(() => this.fill()).observe(root);
    root.addEventListener("focusin", (event) => this.enter(event.target));
  }

  /** The cell in which the focus is or was. */
  get here(): Cell {
    return { agent: this.table.rows[this.row]?.id ?? "", day: this.column };
  }

  get lastRow(): number {
    return this.table.rows.length - 1;
  }

  get lastColumn(): number {
    return this.table.days.length - 1;
  }

  get place(): { row: number; column: number } {
    return { row: this.row, column: this.column };
  }

  get pageRows(): number {
    return Math.max(1, Math.floor(this.root.clientHeight / rowPx) - 2);
  }

  /** Draw everything anew; the focus stays at its agent and day when they are still shown. */
  draw(): void {
    const here = this.here;
    const had = this.root.contains(document.activeElement);
    this.root.setAttribute("aria-rowcount", String(this.table.rows.length + 1));
    this.root.setAttribute("aria-colcount", String(this.table.days.length + 1));
    this.root.style.setProperty("--columns", String(this.table.days.length));
    this.body.style.height = `${Math.max(1, this.table.rows.length) * rowPx}px`;
    this.head.replaceChildren(element("span", "grid__corner", "columnheader", word("roster_agent")), ...this.table.days.map((_, day) => this.headCell(day)));
    this.head.setAttribute("aria-rowindex", "1");
    [...this.head.children].forEach((cell, index) => place(cell as HTMLElement, index + 1));
    for (const row of this.shown.values()) row.remove();
    this.shown.clear();
    this.body.textContent = "";
    const found = this.table.rows.findIndex((one) => one.id === here.agent);
    this.row = found >= 0 ? found : Math.max(headRow, Math.min(this.row, this.lastRow));
    this.column = Math.min(this.column, this.lastColumn);
    if (!this.table.rows.length) this.body.append(this.emptyRow());
    this.fill();
    this.rove();
    if (had) this.focus();
  }

  /** Say anew what stands in this agent's row. */
  drawAgent(agent: string): void {
    const index = this.table.rows.findIndex((one) => one.id === agent);
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

  move(down: number, right: number): void {
    this.go(this.row + down, this.column + right);
  }

  /** Go to this row and column, or the nearest; -1 is the head row and the column of names. */
  go(row: number, column: number): void {
    this.row = Math.max(headRow, Math.min(this.lastRow, row));
    this.column = Math.max(nameColumn, Math.min(this.lastColumn, column));
    this.rove();
    this.focus();
  }

  /** The cell at this place of the page. */
  cellOf(target: EventTarget | null): Cell | null {
    const cell = above(target, "[data-day]");
    const row = above(target, "[data-agent]");
    return cell && row ? { agent: row.dataset["agent"] ?? "", day: Number(cell.dataset["day"]) } : null;
  }

  private flag(cell: Cell, flag: string): void {
    const row = this.shown.get(this.table.rows.findIndex((one) => one.id === cell.agent));
    const place = row?.children[cell.day + 1] as HTMLElement | undefined;
    if (place) place.dataset["flag"] = flag;
  }

  private enter(target: EventTarget | null): void {
    const cell = above(target, "[aria-colindex]");
    const row = above(target, "[aria-rowindex]");
    if (!cell || !row) return;
    this.row = Number(row.getAttribute("aria-rowindex")) - 2;
    this.column = Number(cell.getAttribute("aria-colindex")) - 2;
    this.rove();
    this.moved(this.here);
  }

  /** Exactly one cell is reached by Tab. */
  private rove(): void {
    this.fill();
    for (const old of this.root.querySelectorAll<HTMLElement>('[tabindex="0"]')) old.tabIndex = -1;
    const cell = this.cellAt(this.row, this.column);
    if (cell) cell.tabIndex = 0;
  }

  private focus(): void {
    const cell = this.cellAt(this.row, this.column);
    if (!cell) return;
    this.reveal(cell);
    cell.focus({ preventScroll: true });
  }

  /** Scroll until the cell stands free of the head row and the names. */
  private reveal(cell: HTMLElement): void {
    const names = this.head.firstElementChild?.getBoundingClientRect().width ?? 0;
    const box = this.root.getBoundingClientRect();
    const own = cell.getBoundingClientRect();
    const [top, left] = [box.top + this.head.offsetHeight, box.left + names];
    const [bottom, right] = [box.top + this.root.clientHeight, box.left + this.root.clientWidth];
    if (this.row !== headRow) {
      if (own.top < top) this.root.scrollTop -= top - own.top;
      else if (own.bottom > bottom) this.root.scrollTop += own.bottom - bottom;
    }
    if (this.column !== nameColumn) {
      if (own.left < left) this.root.scrollLeft -= left - own.left;
      else if (own.right > right) this.root.scrollLeft += own.right - right;
    }
    this.fill();
  }

  /** Have the rows in sight, a few around them, and the one with the focus in the page; no others. */
  private fill(): void {
    const first = Math.max(0, Math.floor(this.root.scrollTop / rowPx) - spareRows);
    const last = Math.min(this.table.rows.length, Math.ceil((this.root.scrollTop + this.root.clientHeight) / rowPx) + spareRows);
    for (const [index, row] of this.shown) {
      if ((index < first || index >= last) && index !== this.row) {
        row.remove();
        this.shown.delete(index);
      }
    }
    for (let index = first; index < last; index += 1) this.show(index);
    if (this.row >= 0) this.show(this.row);
  }

  private show(index: number): void {
    const agent = this.table.rows[index];
    if (!agent || this.shown.has(index)) return;
    const row = element("div", "grid__row roster-row", "row");
    row.style.top = `${index * rowPx}px`;
    row.setAttribute("aria-rowindex", String(index + 2));
    row.dataset["agent"] = agent.id;
    row.append(place(element("span", "grid__name roster-name", "rowheader"), 1));
    this.writeName(row, agent);
    this.table.days.forEach((day, column) => {
      const cell = place(element("span", `shift${day.weekend ? " shift--weekend" : ""}${day.monday ? " shift--monday" : ""}`, "gridcell"), column + 2);
      cell.dataset["day"] = String(column);
      row.append(cell);
      this.write(cell, agent, column);
    });
    this.shown.set(index, row);
    const after = [...this.shown.keys()].filter((other) => other > index).sort((a, b) => a - b)[0];
    this.body.insertBefore(row, after === undefined ? null : (this.shown.get(after) ?? null)); // in the order in which they are read
  }

  private write(cell: HTMLElement, agent: RosterAgent, day: number): void {
    const shift = this.table.shift(agent.id, day);
    const training = this.table.trainingOf(agent.id, day);
    const off = this.table.hasTimeOff(agent.id, day);
    cell.dataset["kind"] = shift ? String(shift.kind % kindsColoured) : off ? "off" : "";
    cell.draggable = shift !== null && this.table.mayChange;
    cell.setAttribute("aria-selected", String(this.table.isChosen(agent.id, day)));
    if (shift) {
      const name = this.table.kinds[shift.kind]?.name ?? "";
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

  private writeName(row: HTMLElement, agent: RosterAgent): void {
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

  private emptyRow(): HTMLElement {
    const row = element("div", "grid__row grid__empty", "row");
    row.append(place(element("span", "quiet", "gridcell", word(this.table.agents.length ? "roster_nobody" : "roster_no_agents")), 1));
    return row;
  }

  private cellAt(row: number, column: number): HTMLElement | null {
    const found = row === headRow ? this.head : this.shown.get(row);
    return (found?.children[column + 1] as HTMLElement | undefined) ?? null;
  }
}

function element(tag: string, name: string, role = "", text = ""): HTMLElement {
  const made = document.createElement(tag);
  made.className = name;
  if (role) made.setAttribute("role", role);
  if (text) made.textContent = text;
  return made;
}

function place(cell: HTMLElement, column: number): HTMLElement {
  cell.setAttribute("aria-colindex", String(column));
  cell.tabIndex = -1;
  return cell;
}
