// The small dialog of one cell: another shift, or a day off; what that breaks is said before it is taken.
import { byId } from "./page";
import { showVerdict, type Changes, type Put } from "./roster_change";
import type { Cell } from "./roster_grid";
import { clock, type RosterTable, type Shift } from "./roster_table";
import { word } from "./words";

export class CellDialog {
  private cell: Cell = { agent: "", day: 0 };
  private readonly kind = byId<HTMLSelectElement>("cell-kind");
  private readonly start = byId<HTMLSelectElement>("cell-start");

  constructor(
    private readonly table: RosterTable,
    private readonly changes: Changes,
    private readonly keep: (puts: Put[]) => void,
  ) {
    this.kind?.addEventListener("change", () => this.fillStarts(null));
    this.start?.addEventListener("change", () => this.ask());
    byId("cell-form")?.addEventListener("submit", (event) => {
      event.preventDefault();
      byId<HTMLDialogElement>("cell")?.close();
      const puts = this.puts();
      if (puts.length) this.keep(puts);
    });
  }

  open(cell: Cell): void {
    const agent = this.table.agents.find((one) => one.id === cell.agent);
    const dialog = byId<HTMLDialogElement>("cell");
    if (!agent || !dialog || !this.kind || !this.start) return;
    this.cell = cell;
    const now = this.table.shift(cell.agent, cell.day);
    const label = byId("cell-label");
    if (label) label.textContent = `${agent.name}, ${this.table.days[cell.day]?.label ?? ""}`;
    const said = byId("cell-now");
    if (said) said.textContent = now ? [this.table.hours(now), this.table.breaks(now), this.table.trainingOf(cell.agent, cell.day)].filter(Boolean).join(" · ") : word("roster_day_off");
    this.kind.replaceChildren(new Option(word("roster_day_off"), ""), ...this.table.kinds.map((kind, index) => new Option(kind.label, String(index))));
    this.kind.value = now ? String(now.kind) : "";
    dialog.showModal();
    this.fillStarts(now);
    this.kind.focus();
  }

  private fillStarts(now: Shift | null): void {
    const kind = this.table.kinds[Number(this.kind?.value || -1)];
    this.start?.replaceChildren(...(kind?.starts ?? []).map((at) => new Option(`${clock(at)}–${clock(at + kind!.minutes)}`, String(at))));
    if (this.start) {
      this.start.disabled = !kind;
      if (now) this.start.value = String(now.start);
    }
    this.ask();
  }

  private puts(): Put[] {
    const chosen = this.kind?.value ?? "";
    const to = chosen === "" ? null : { kind: Number(chosen), start: Number(this.start?.value), breaks: [] };
    const now = this.table.shift(this.cell.agent, this.cell.day);
    const same = to === null ? now === null : now !== null && now.kind === to.kind && now.start === to.start;
    return same ? [] : [{ ...this.cell, to }];
  }

  private ask(): void {
    showVerdict("cell-verdict", null);
    this.changes.ask(this.puts(), (verdict) => showVerdict("cell-verdict", verdict));
  }
}
