// The grid: only the rows in sight are in the page, so that five hundred agents are as quick as five; the focus never gets lost.
import { above } from "./page";
import { type Agent, type SkillTable, skillWords } from "./skill_table";
import { word } from "./words";

const rowPx = 36;
const spareRows = 8;
const nameColumn = -1;
const headRow = -1;

/** A cell by agent and skill; "" is the head row or the column of names. */
export interface Cell {
  agent: string;
  skill: string;
}

export class SkillGrid {
  private readonly head = element("div", "grid__row grid__head", "row");
  private readonly body = element("div", "grid__body", "rowgroup");
  private readonly shown = new Map<number, HTMLElement>();
  private readonly marks = new Map<string, string>(); // "saving" or "other", by cell
  private row = 0;
  private column = 0;
  moved: (cell: Cell) => void = () => undefined;

  constructor(
    private readonly root: HTMLElement,
    private readonly table: SkillTable,
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
    return { agent: this.table.rows[this.row]?.id ?? "", skill: this.table.skills[this.column] ?? "" };
  }

  /** Draw everything anew; the focus stays at its agent and skill when they are still shown. */
  draw(): void {
    const here = this.here;
    const had = this.root.contains(document.activeElement);
    this.root.setAttribute("aria-rowcount", String(this.table.rows.length + 1));
    this.root.setAttribute("aria-colcount", String(this.table.skills.length + 1));
    this.root.style.setProperty("--columns", String(this.table.skills.length));
    this.body.style.height = `${Math.max(1, this.table.rows.length) * rowPx}px`;
    this.drawHead();
    for (const row of this.shown.values()) row.remove();
    this.shown.clear();
    this.row = this.at(this.table.rows.findIndex((agent) => agent.id === here.agent), this.row, this.table.rows.length);
    this.column = this.at(this.table.skills.indexOf(here.skill), this.column, this.table.skills.length);
    this.body.textContent = "";
    if (!this.table.rows.length) this.body.append(this.emptyRow());
    this.fill();
    this.rove();
    if (had) this.focus();
  }

  /** Say anew what stands above the columns. */
  drawHead(): void {
    const focused = this.head.contains(document.activeElement);
    const corner = element("span", "grid__corner", "columnheader", word("skill_agent"));
    const counts = element("span", "grid__legend", "", word("skill_counts"));
    counts.setAttribute("aria-hidden", "true");
    corner.append(counts);
    this.head.replaceChildren(corner, ...this.table.skills.map((skill) => this.headCell(skill)));
    this.head.setAttribute("aria-rowindex", "1");
    [...this.head.children].forEach((cell, index) => place(cell as HTMLElement, index + 1));
    if (this.row === headRow) this.rove();
    if (focused) this.focus();
  }

  /** Say anew what stands in this cell; `mark` is "saving", "other" or "". */
  drawCell(agent: string, skill: string, mark?: string): void {
    const key = `${agent} ${skill}`;
    if (mark) this.marks.set(key, mark);
    else if (mark === "") this.marks.delete(key);
    const cell = this.cellAt(this.table.rows.findIndex((one) => one.id === agent), this.table.skills.indexOf(skill));
    if (cell) this.write(cell, agent, skill);
  }

  /** Say anew who this is: on duty or not, chosen or not. */
  drawAgent(id: string): void {
    const index = this.table.rows.findIndex((one) => one.id === id);
    const [row, agent] = [this.shown.get(index), this.table.rows[index]];
    if (row && agent) this.writeName(row, agent);
  }

  /** Go so many rows down and columns to the right. */
  move(down: number, right: number): void {
    this.go(this.row + down, this.column + right);
  }

  /** Go to this row and column, or the nearest; -1 is the head row and the column of names. */
  go(row: number, column: number): void {
    this.row = Math.max(headRow, Math.min(this.table.rows.length - 1, row));
    this.column = Math.max(nameColumn, Math.min(this.table.skills.length - 1, column));
    this.rove();
    this.focus();
  }

  /** Go to the column of a skill, and to its first agent when the focus was nowhere. */
  goTo(skill: string): void {
    this.go(Math.max(0, this.row), this.table.skills.indexOf(skill));
  }

  /** How many rows are in sight. */
  get pageRows(): number {
    return Math.max(1, Math.floor(this.root.clientHeight / rowPx) - 3);
  }

  get lastRow(): number {
    return this.table.rows.length - 1;
  }

  get lastColumn(): number {
    return this.table.skills.length - 1;
  }

  get place(): { row: number; column: number } {
    return { row: this.row, column: this.column };
  }

  private at(found: number, before: number, length: number): number {
    return found >= 0 ? found : Math.max(-1, Math.min(before, length - 1));
  }

  /** The focus came into a cell, by the mouse or by Tab. */
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
    const row = element("div", "grid__row", "row");
    row.style.top = `${index * rowPx}px`;
    row.setAttribute("aria-rowindex", String(index + 2));
    row.dataset["agent"] = agent.id;
    row.append(place(element("span", "grid__name", "rowheader"), 1));
    this.writeName(row, agent);
    this.table.skills.forEach((skill, column) => {
      const cell = place(element("span", "cell", "gridcell"), column + 2);
      this.write(cell, agent.id, skill);
      row.append(cell);
    });
    this.shown.set(index, row);
    const after = [...this.shown.keys()].filter((other) => other > index).sort((a, b) => a - b)[0];
    this.body.insertBefore(row, after === undefined ? null : (this.shown.get(after) ?? null)); // in the order in which they are read
  }

  private write(cell: HTMLElement, agent: string, skill: string): void {
    const level = this.table.level(agent, skill);
    cell.textContent = level ? String(level) : "·";
    cell.dataset["level"] = String(level);
    if (level) cell.removeAttribute("aria-label");
    else cell.setAttribute("aria-label", "0");
    cell.dataset["mark"] = this.marks.get(`${agent} ${skill}`) ?? "";
  }

  private writeName(row: HTMLElement, agent: Agent): void {
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

  private emptyRow(): HTMLElement {
    const row = element("div", "grid__row grid__empty", "row");
    row.append(place(element("span", "quiet", "gridcell", word(this.table.empty ? "skill_none" : "skill_nobody")), 1));
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
