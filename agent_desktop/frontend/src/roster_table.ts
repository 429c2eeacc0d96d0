// What a roster's grid knows: agents, days, who works when; filtered, and counted by week.

export interface Kind {
  name: string;
  label: string;
  starts: number[];
  minutes: number;
  paid_min: number;
  breaks: [string, number][];
}

export interface RosterAgent {
  id: string;
  name: string;
  queues: string[];
  week_min: number | null;
  team: string;
  site: string;
}

export interface RosterDay {
  date: string;
  label: string;
  weekend: boolean;
  monday: boolean;
}

/** A shift: its kind, the minute of the day at which it begins, and where its breaks begin, in minutes after that. */
export interface Shift {
  kind: number;
  start: number;
  breaks: number[];
}

export interface GridData {
  days: RosterDay[];
  kinds: Kind[];
  agents: RosterAgent[];
  shifts: Record<string, [number, number, number, number[]][]>;
  off: [string, number][];
  training: [string, number, string][];
  may_change: boolean;
  stamp: string;
}

/** What is looked for. */
export interface Wanted {
  queue: string;
  team: string;
  name: string;
}

export const keyOf = (agent: string, day: number): string => `${day} ${agent}`;

export class RosterTable {
  days: RosterDay[] = [];
  kinds: Kind[] = [];
  agents: RosterAgent[] = [];
  rows: RosterAgent[] = [];
  mayChange = false;
  stamp = "";
  readonly chosen = new Set<string>();
  private shifts = new Map<string, Shift>();
  private off = new Set<string>();
  private training = new Map<string, string>();
  private wanted: Wanted = { queue: "", team: "", name: "" };

  /** Take everything anew; what was chosen stays. */
  take(data: GridData): void {
    this.days = data.days;
    this.kinds = data.kinds;
    this.agents = data.agents;
    this.mayChange = data.may_change;
    this.stamp = data.stamp;
    this.shifts = new Map();
    for (const [agent, own] of Object.entries(data.shifts)) {
      for (const [day, kind, start, breaks] of own) this.shifts.set(keyOf(agent, day), { kind, start, breaks });
    }
    this.off = new Set(data.off.map(([agent, day]) => keyOf(agent, day)));
    this.training = new Map(data.training.map(([agent, day, words]) => [keyOf(agent, day), words]));
    this.look(this.wanted);
  }

  /** The cells that are others in this data. */
  compare(data: GridData): [string, number][] {
    const other = new RosterTable();
    other.take(data);
    const written = (shift: Shift | null) => (shift ? `${shift.kind} ${shift.start} ${shift.breaks.join()}` : "");
    const found: [string, number][] = [];
    for (const agent of new Set([...this.agents, ...other.agents].map((one) => one.id))) {
      data.days.forEach((_, day) => {
        if (written(this.shift(agent, day)) !== written(other.shift(agent, day))) found.push([agent, day]);
      });
    }
    return found;
  }

  /** Show only these. */
  look(wanted: Wanted): void {
    this.wanted = wanted;
    const name = wanted.name.trim().toLowerCase();
    this.rows = this.agents.filter(
      (one) =>
        (!wanted.queue || one.queues.includes(wanted.queue)) &&
        (!wanted.team || one.team === wanted.team || one.site === wanted.team) &&
        (!name || one.name.toLowerCase().includes(name) || one.id.includes(name)),
    );
  }

  shift(agent: string, day: number): Shift | null {
    return this.shifts.get(keyOf(agent, day)) ?? null;
  }

  put(agent: string, day: number, shift: Shift | null): void {
    if (shift) this.shifts.set(keyOf(agent, day), shift);
    else this.shifts.delete(keyOf(agent, day));
  }

  /** As the server names it: the pattern and where it begins; null for a day off. */
  named(shift: Shift | null): [string, number] | null {
    const kind = shift ? this.kinds[shift.kind] : undefined;
    return shift && kind ? [kind.name, shift.start] : null;
  }

  hasTimeOff(agent: string, day: number): boolean {
    return this.off.has(keyOf(agent, day));
  }

  trainingOf(agent: string, day: number): string {
    return this.training.get(keyOf(agent, day)) ?? "";
  }

  /** "08:00–17:00" */
  hours(shift: Shift): string {
    const kind = this.kinds[shift.kind];
    return `${clock(shift.start)}–${clock(shift.start + (kind?.minutes ?? 0))}`;
  }

  /** "12:00 lunch, 60 min" for each break. */
  breaks(shift: Shift): string {
    const kind = this.kinds[shift.kind];
    return shift.breaks.map((at, index) => `${clock(shift.start + at)} ${kind?.breaks[index]?.[0] ?? ""}`).join(", ");
  }

  /** The weeks from Monday as they lie in the roster: [first day, day after the last]. */
  get weeks(): [number, number][] {
    const found: [number, number][] = [];
    this.days.forEach((day, index) => {
      if (index === 0 || day.monday) found.push([index, index + 1]);
      else (found.at(-1) as [number, number])[1] = index + 1;
    });
    return found;
  }

  /** Hours of work in each week. */
  weekHours(agent: string): number[] {
    return this.weeks.map(([first, last]) => {
      let minutes = 0;
      for (let day = first; day < last; day += 1) {
        const shift = this.shift(agent, day);
        if (shift) minutes += this.kinds[shift.kind]?.paid_min ?? 0;
      }
      return minutes / 60;
    });
  }

  choose(agent: string, day: number, yes?: boolean): void {
    const key = keyOf(agent, day);
    if (yes ?? !this.chosen.has(key)) this.chosen.add(key);
    else this.chosen.delete(key);
  }

  isChosen(agent: string, day: number): boolean {
    return this.chosen.has(keyOf(agent, day));
  }

  /** Choose all of these, or none where all are chosen already. */
  chooseAll(cells: [string, number][]): void {
    const yes = !cells.every(([agent, day]) => this.isChosen(agent, day));
    for (const [agent, day] of cells) this.choose(agent, day, yes);
  }

  get chosenCells(): [string, number][] {
    return [...this.chosen].map((key) => {
      const at = key.indexOf(" ");
      return [key.slice(at + 1), Number(key.slice(0, at))];
    });
  }
}

export function clock(minute: number): string {
  const two = (value: number): string => String(value).padStart(2, "0");
  return `${two(Math.floor(minute / 60) % 24)}:${two(minute % 60)}`;
}
