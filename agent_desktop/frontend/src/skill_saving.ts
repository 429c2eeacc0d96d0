// Saving: every change at once and one after the other, never over somebody else's; undone the same way.
import { Problem, post } from "./api";
import type { Cell } from "./skill_grid";
import type { Gaps, SkillTable } from "./skill_table";
import { word } from "./words";

/** Agent, skill, level, and what it was. */
export type Change = [agent: string, skill: string, level: number, before: number];

/** When the agent is offered callers of a queue. */
export interface Reach {
  queue: string;
  before: string;
  after: string;
  serves: boolean;
  changed: boolean;
}

type Moved = [agent: string, skill: string, level: number];

interface Answer {
  keys: string[];
  gaps: Gaps;
  reach: Reach[];
}

/** What others changed, as it is pushed; `key` is that of the event. */
export interface Pushed {
  changes: { key: string; by: string; cells: Moved[] }[];
  gaps: Gaps;
}

/** What the page does about it. */
export interface Page {
  here: () => Cell;
  drawCells: (cells: readonly (readonly [string, string])[], mark?: string) => void;
  drawHead: () => void;
  reached: (agent: string, rows: Reach[]) => void;
  say: (text: string, loud?: boolean, again?: () => void) => void;
  changedHere: (by: string, level: number) => void;
  undoable: (yes: boolean) => void;
}

const mostUndone = 100;
const heardMs = 300; // what somebody changes in one go is told in one go
const markedMs = 60_000;

export class Saving {
  private readonly done: Change[][] = [];
  private readonly own = new Set<string>();
  private readonly lastBy = new Map<string, string>();
  private readonly unsaved = new Map<string, number>(); // what the server has, where a save before did not reach it
  private waiting: Pushed[] = [];
  private readonly heard = new Map<string, Map<string, Moved>>(); // what others changed and nobody was told yet, by who
  private underWay = 0;
  private line: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly table: SkillTable,
    private readonly page: Page,
  ) {}

  /** Set these; resolves to whether it was done. The page shows them before the server has them. */
  save(changes: Change[]): Promise<boolean> {
    return this.put(changes, false);
  }

  /** Take the last change back; one that is still being saved is the last. */
  async undo(): Promise<void> {
    await this.line;
    const last = this.done.pop();
    this.page.undoable(this.done.length > 0);
    if (last) void this.put(last.map(backwards), true);
    else this.page.say(word("skill_nothing_to_undo"));
  }

  /** Take back what was last changed in this cell; resolves to false when nothing was. */
  async undoIn(agent: string, skill: string): Promise<boolean> {
    await this.line;
    for (let index = this.done.length - 1; index >= 0; index -= 1) {
      const changes = this.done[index] ?? [];
      const found = changes.find((one) => one[0] === agent && one[1] === skill);
      if (!found) continue;
      changes.splice(changes.indexOf(found), 1);
      if (!changes.length) this.done.splice(index, 1);
      this.page.undoable(this.done.length > 0);
      void this.put([backwards(found)], true);
      return true;
    }
    return false;
  }

  /** Others changed something, or it is the echo of one's own; it waits until it is known which. */
  pushed(message: Pushed): void {
    if (this.underWay) this.waiting.push(message);
    else this.take(message);
  }

  private put(changes: Change[], undoing: boolean): Promise<boolean> {
    const real = changes.filter(([, , level, before]) => level !== before);
    if (!real.length) {
      if (changes.length === 1) this.page.say(this.told(changes, undoing)); // it is so already, and whoever can't see it hears it
      return Promise.resolve(true);
    }
    this.underWay += 1;
    for (const [agent, skill, level] of real) this.table.set(agent, skill, level);
    this.page.drawCells(real.map(cellOf), "saving");
    this.page.drawHead();
    const sent = this.line.then(() => this.send(real, undoing));
    this.line = sent;
    return sent;
  }

  private async send(asked: Change[], undoing: boolean): Promise<boolean> {
    const changes = asked.map(([agent, skill, level, before]): Change => {
      return [agent, skill, level, this.unsaved.get(`${agent} ${skill}`) ?? before];
    });
    try {
      const shown = this.page.here().agent;
      const answer = await post<Answer>("/api/skills/changes", { changes, agent: shown });
      for (const key of answer.keys) this.own.add(key);
      this.table.gaps = answer.gaps;
      if (!undoing) this.done.push(changes);
      if (this.done.length > mostUndone) this.done.shift();
      this.page.undoable(this.done.length > 0);
      this.page.drawCells(changes.map(cellOf), "");
      if (answer.reach.length) this.page.reached(shown, answer.reach);
      this.page.say(this.told(changes, undoing));
      return true;
    } catch (error) {
      this.refused(changes, undoing, error);
      return false;
    } finally {
      this.underWay -= 1;
      this.page.drawHead();
      if (!this.underWay) this.unsaved.clear();
      if (!this.underWay) for (const message of this.waiting.splice(0)) this.take(message);
    }
  }

  /** Nothing was changed: show what is, and say why. */
  private refused(changes: Change[], undoing: boolean, error: unknown): void {
    for (const [agent, skill, level, before] of changes)
      if (this.table.level(agent, skill) === level) this.table.set(agent, skill, before); // not what was typed since
    const overtaken = error instanceof Problem && error.code === "skills_moved";
    const moved = overtaken ? (error.details as { now: Moved[] }).now : [];
    for (const [agent, skill, level] of moved) this.table.set(agent, skill, level);
    this.page.drawCells(changes.map(cellOf), "");
    this.page.drawCells(moved.map(([agent, skill]) => [agent, skill] as const), "other");
    const only = moved.length === 1 ? moved[0] : undefined;
    if (only) {
      const by = this.byOfWaiting(only[0], only[1]) ?? this.lastBy.get(`${only[0]} ${only[1]}`) ?? word("skill_somebody");
      this.page.say(word("skill_moved", { ...this.fields(only[0], only[1], only[2]), by }), true);
    } else if (moved.length) this.page.say(word("skill_moved_many", { count: String(moved.length) }), true);
    else {
      for (const [agent, skill, , before] of changes) this.unsaved.set(`${agent} ${skill}`, before);
      const retry = error instanceof Problem && error.retryable;
      const text = error instanceof Problem ? error.message : word("failed");
      this.page.say(text, true, retry ? () => void this.put(changes, undoing) : undefined);
    }
  }

  private take(message: Pushed): void {
    this.table.gaps = message.gaps;
    for (const { key, by, cells } of message.changes) {
      if (this.own.delete(key)) continue;
      const fresh = cells.filter(([agent, skill, level]) => this.table.level(agent, skill) !== level);
      const here = this.page.here();
      for (const [agent, skill, level] of cells) {
        this.lastBy.set(`${agent} ${skill}`, by);
        this.table.set(agent, skill, level);
      }
      this.page.drawCells(fresh.map(([agent, skill]) => [agent, skill] as const), "other");
      const mine = fresh.find(([agent, skill]) => agent === here.agent && skill === here.skill);
      if (mine) this.page.changedHere(by, mine[2]);
      for (const cell of fresh) this.hear(by, cell);
    }
    this.page.drawHead();
  }

  /** Remember what to tell of others; a moment later it is told, each person once. */
  private hear(by: string, cell: Moved): void {
    if (!this.heard.size) window.setTimeout(() => this.tellHeard(), heardMs);
    const cells = this.heard.get(by) ?? new Map<string, Moved>();
    this.heard.set(by, cells.set(`${cell[0]} ${cell[1]}`, cell));
  }

  private tellHeard(): void {
    for (const [by, found] of this.heard) {
      const cells = [...found.values()];
      const [first] = cells;
      if (cells.length === 1 && first) this.page.say(word("skill_by_other", { ...this.fields(...first), by }), true);
      else this.page.say(word("skill_by_other_many", { by, count: String(cells.length) }), true);
      window.setTimeout(() => this.page.drawCells(cells.map(([agent, skill]) => [agent, skill] as const), ""), markedMs);
    }
    this.heard.clear();
  }

  private byOfWaiting(agent: string, skill: string): string | undefined {
    const told = this.waiting.flatMap((message) => message.changes);
    return told.filter(({ cells }) => cells.some((cell) => cell[0] === agent && cell[1] === skill)).at(-1)?.by;
  }

  private told(changes: Change[], undoing: boolean): string {
    const first = changes[0];
    const count = String(changes.length);
    if (changes.length > 1 || !first) return undoing ? word("skill_undone_many", { count }) : word("skill_saved_many", { count });
    const fields = this.fields(first[0], first[1], first[2]);
    return undoing ? word("skill_undone", fields) : word("skill_saved", fields);
  }

  private fields(agent: string, skill: string, level: number): Record<string, string> {
    return { agent: this.table.agent(agent)?.name ?? agent, skill, level: String(level) };
  }
}

function backwards([agent, skill, level, before]: Change): Change {
  return [agent, skill, before, level];
}

function cellOf([agent, skill]: Change): readonly [string, string] {
  return [agent, skill] as const;
}
