// Changes by hand: asked about while a shift is carried, done, refused where a hard rule breaks unless that is wanted, undone.
import { post, Problem } from "./api";
import { byId } from "./page";
import type { Cell } from "./roster_grid";
import type { RosterTable, Shift } from "./roster_table";
import { toast } from "./toast";
import { word } from "./words";

export interface Verdict {
  hard: string[];
  soft: string[];
  more: number;
  mended: number;
  points: string;
  worse: boolean;
}

interface Done extends Verdict {
  cells: [string, number, [string, number, number[]] | null][];
  cost: number;
}

/** What a cell shall hold. */
export interface Put {
  agent: string;
  day: number;
  to: Shift | null;
}

const restMs = 120;

export class Changes {
  private timer = 0;
  private asked = 0;

  constructor(
    private readonly api: string,
    private readonly table: RosterTable,
    private readonly drawn: (agents: string[], cost: number | null) => void,
    private readonly reload: () => Promise<void>,
  ) {}

  /** Two cells change their shifts. */
  exchange(from: Cell, to: Cell): Put[] {
    if (from.agent === to.agent && from.day === to.day) return [];
    return [
      { ...from, to: this.table.shift(to.agent, to.day) },
      { ...to, to: this.table.shift(from.agent, from.day) },
    ];
  }

  /** Ask what it would break, after a short rest; only the newest answer is told. */
  ask(puts: Put[], told: (verdict: Verdict | null) => void): void {
    window.clearTimeout(this.timer);
    this.asked += 1;
    const mine = this.asked;
    if (!puts.length) return told(null);
    this.timer = window.setTimeout(() => {
      void post<Verdict>(`${this.api}/check`, { cells: this.cells(puts) })
        .then((verdict) => mine === this.asked && told(verdict))
        .catch(() => mine === this.asked && told(null));
    }, restMs);
  }

  /** Forget what was asked. */
  settle(): void {
    window.clearTimeout(this.timer);
    this.asked += 1;
  }

  /** Do it. `refused` is told where a hard rule breaks. */
  async change(puts: Put[], anyway: boolean, refused: (verdict: Verdict) => void): Promise<void> {
    this.settle();
    if (!puts.length) return;
    try {
      const done = await post<Done>(`${this.api}/change`, { cells: this.cells(puts), anyway });
      this.take(done);
      const words = word(done.worse ? "roster_changed_worse" : "roster_changed", { points: done.points });
      toast(words, { label: word("plan_undo"), run: () => void this.undo() });
    } catch (error) {
      if (error instanceof Problem && error.code === "roster_breaks_rules") refused(error.details as Verdict);
      else await this.failed(error);
    }
  }

  async undo(): Promise<void> {
    try {
      this.take(await post<Done>(`${this.api}/undo`, {}));
      toast(word("plan_undone"));
    } catch (error) {
      await this.failed(error);
    }
  }

  private cells(puts: Put[]): unknown[] {
    return puts.map((one) => ({
      agent: one.agent, day: one.day, to: this.table.named(one.to), was: this.table.named(this.table.shift(one.agent, one.day)),
    }));
  }

  private take(done: Done): void {
    for (const [agent, day, shift] of done.cells) {
      const kind = shift ? this.table.kinds.findIndex((one) => one.name === shift[0]) : -1;
      this.table.put(agent, day, shift ? { kind, start: shift[1], breaks: shift[2] } : null);
    }
    this.drawn([...new Set(done.cells.map(([agent]) => agent))], done.cost);
  }

  private async failed(error: unknown): Promise<void> {
    toast(error instanceof Problem ? error.message : word("failed"));
    if (error instanceof Problem && error.code === "roster_moved") await this.reload();
  }
}

/** Say it in this box; null says nothing. */
export function showVerdict(id: string, verdict: Verdict | null, head = ""): void {
  const box = byId(id);
  if (!box) return;
  box.replaceChildren();
  box.hidden = verdict === null && !head;
  if (head) box.append(line("b", "", head));
  if (!verdict) return;
  box.append(line("b", verdict.hard.length ? "roster-verdict__bad" : verdict.worse ? "roster-verdict__worse" : "roster-verdict__good", summary(verdict)));
  const list = document.createElement("ul");
  for (const text of verdict.hard) list.append(line("li", "roster-verdict__bad", text));
  for (const text of verdict.soft) list.append(line("li", "", text));
  if (verdict.more) list.append(line("li", "quiet", word("roster_more", { count: String(verdict.more) })));
  if (list.children.length) box.append(list);
}

function summary(verdict: Verdict): string {
  if (verdict.hard.length) return word("roster_breaks", { count: String(verdict.hard.length) });
  return word(verdict.worse ? "roster_costs" : "roster_fits", { points: verdict.points });
}

function line(tag: string, name: string, text: string): HTMLElement {
  const made = document.createElement(tag);
  made.className = name;
  made.textContent = text;
  return made;
}
