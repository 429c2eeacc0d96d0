// A grid with a row for each agent: only the rows in sight are in the page, so that five hundred agents are as quick as five; the
// focus never gets lost. What stands in the cells is the business of who extends it.
import { above } from "./page";

export const nameColumn = -1;
export const headRow = -1;

/** How high a row is in the style sheet, how many are kept around those in sight, and which classes rows have beside the common. */
export interface GridShape {
  rowPx: number;
  spareRows: number;
  rowClass: string;
}

export abstract class AgentGrid<Row extends { id: string }, Cell> {
  protected readonly head: HTMLElement;
  protected readonly shown = new Map<number, HTMLElement>();
  protected row = 0;
  protected column = 0;
  private readonly body = element("div", "grid__body", "rowgroup");
  moved: (cell: Cell) => void = () => undefined;

  constructor(
    protected readonly root: HTMLElement,
    private readonly shape: GridShape,
  ) {
    this.head = element("div", `grid__row grid__head ${shape.rowClass}`, "row");
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
  abstract get here(): Cell;
  protected abstract get rows(): readonly Row[];
  protected abstract get columns(): number;
  protected abstract headCells(): HTMLElement[];
  protected abstract nameCell(): HTMLElement;
  protected abstract cells(row: Row): HTMLElement[];
  protected abstract writeName(row: HTMLElement, agent: Row): void;
  protected abstract emptyWords(): string;

  get lastRow(): number {
    return this.rows.length - 1;
  }

  get lastColumn(): number {
    return this.columns - 1;
  }

  get place(): { row: number; column: number } {
    return { row: this.row, column: this.column };
  }

  /** By how many rows a page up or down goes. */
  get pageRows(): number {
    return Math.max(1, Math.floor(this.root.clientHeight / this.shape.rowPx) - 3);
  }

  /** Go so many rows down and columns to the right. */
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

  /** Say anew what stands above the columns. */
  drawHead(): void {
    const focused = this.head.contains(document.activeElement);
    this.head.replaceChildren(...this.headCells().map((cell, index) => numbered(cell, index + 1)));
    this.head.setAttribute("aria-rowindex", "1");
    if (this.row === headRow) this.rove();
    if (focused) this.focus();
  }

  /** Draw everything anew, with the focus, if it was here, in this row and column, or the nearest to where it was; -1: not found. */
  protected drawAll(row: number, column: number): void {
    const had = this.root.contains(document.activeElement);
    this.root.setAttribute("aria-rowcount", String(this.rows.length + 1));
    this.root.setAttribute("aria-colcount", String(this.columns + 1));
    this.root.style.setProperty("--columns", String(this.columns));
    this.body.style.height = `${Math.max(1, this.rows.length) * this.shape.rowPx}px`;
    this.drawHead();
    for (const shown of this.shown.values()) shown.remove();
    this.shown.clear();
    this.row = row >= 0 ? row : Math.max(headRow, Math.min(this.row, this.lastRow));
    this.column = column >= 0 ? column : Math.max(nameColumn, Math.min(this.column, this.lastColumn));
    this.body.textContent = "";
    if (!this.rows.length) this.body.append(this.emptyRow());
    this.fill();
    this.rove();
    if (had) this.focus();
  }

  protected indexOf(agent: string): number {
    return this.rows.findIndex((one) => one.id === agent);
  }

  protected cellAt(row: number, column: number): HTMLElement | null {
    const found = row === headRow ? this.head : this.shown.get(row);
    return (found?.children[column + 1] as HTMLElement | undefined) ?? null;
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
    const { rowPx, spareRows } = this.shape;
    const first = Math.max(0, Math.floor(this.root.scrollTop / rowPx) - spareRows);
    const last = Math.min(this.rows.length, Math.ceil((this.root.scrollTop + this.root.clientHeight) / rowPx) + spareRows);
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
    const agent = this.rows[index];
    if (!agent || this.shown.has(index)) return;
    const row = element("div", `grid__row ${this.shape.rowClass}`, "row");
    row.style.top = `${index * this.shape.rowPx}px`;
    row.setAttribute("aria-rowindex", String(index + 2));
    row.dataset["agent"] = agent.id;
    row.append(numbered(this.nameCell(), 1));
    this.writeName(row, agent);
    row.append(...this.cells(agent).map((cell, column) => numbered(cell, column + 2)));
    this.shown.set(index, row);
    const after = [...this.shown.keys()].filter((other) => other > index).sort((a, b) => a - b)[0];
    this.body.insertBefore(row, after === undefined ? null : (this.shown.get(after) ?? null)); // in the order in which they are read
  }

  private emptyRow(): HTMLElement {
    const row = element("div", "grid__row grid__empty", "row");
    row.append(numbered(element("span", "quiet", "gridcell", this.emptyWords()), 1));
    return row;
  }
}

export function element(tag: string, name: string, role = "", text = ""): HTMLElement {
  const made = document.createElement(tag);
  made.className = name;
  if (role) made.setAttribute("role", role);
  if (text) made.textContent = text;
  return made;
}

function numbered(cell: HTMLElement, column: number): HTMLElement {
  cell.setAttribute("aria-colindex", String(column));
  cell.tabIndex = -1;
  return cell;
}
