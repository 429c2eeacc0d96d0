// Who can do what, as the page knows it: what is shown of it, by what is looked for.

/** One agent; `levels` by skill, without those of 0; `site` in words, "" where the policy has none. */
export interface Agent {
  readonly id: string;
  readonly name: string;
  duty: boolean;
  readonly levels: Map<string, number>;
  readonly site: string;
}

/** What is to be said of a skill; `bad`: nobody can do it. */
export interface Gap {
  bad: boolean;
  words: string;
}

export type Gaps = Record<string, Gap[]>;

/** The table as the server sends it: agents are id, name, on duty, their levels in the order of `skills`, their site. */
export interface TableJson {
  skills: string[];
  asked: string[];
  agents: [string, string, number, number[], string][];
  gaps: Gaps;
}

/** How a skill is written on the page. */
export function skillWords(skill: string): string {
  return skill.replaceAll("_", " ");
}

export class SkillTable {
  private agents: Agent[] = [];
  private byId = new Map<string, Agent>();
  private columns: string[] = [];
  private readonly added = new Set<string>();
  gaps: Gaps = {};
  rows: readonly Agent[] = []; // those that are shown
  skills: readonly string[] = []; // those that are shown
  readonly chosen = new Set<string>();
  private wanted = { agent: "", skill: "", duty: false };

  /** Take the table over; columns that were added by hand stay. */
  load(table: TableJson): void {
    this.columns = [...table.skills, ...[...this.added].filter((skill) => !table.skills.includes(skill))];
    this.agents = table.agents.map(([id, name, duty, levels, site]) => {
      const own = new Map<string, number>();
      levels.forEach((level, index) => {
        const skill = table.skills[index];
        if (level && skill) own.set(skill, level);
      });
      return { id, name, duty: duty === 1, levels: own, site };
    });
    this.byId = new Map(this.agents.map((agent) => [agent.id, agent]));
    this.gaps = table.gaps;
    for (const id of this.chosen) if (!this.byId.has(id)) this.chosen.delete(id);
    this.find({});
  }

  /** Show the agents and skills that hold these words; what is left out stays as it is. */
  find(what: Partial<{ agent: string; skill: string; duty: boolean }>): void {
    this.wanted = { ...this.wanted, ...what };
    const agent = this.wanted.agent.trim().toLowerCase();
    const skill = this.wanted.skill.trim().toLowerCase();
    this.rows = this.agents.filter(
      (one) => (!this.wanted.duty || one.duty) && (one.name.toLowerCase().includes(agent) || one.id.toLowerCase().includes(agent)),
    );
    this.skills = this.columns.filter((one) => one.includes(skill) || skillWords(one).includes(skill));
  }

  /** Every skill, shown or not. */
  get every(): readonly string[] {
    return this.columns;
  }

  /** Whether there is any agent at all. */
  get empty(): boolean {
    return this.agents.length === 0;
  }

  agent(id: string): Agent | undefined {
    return this.byId.get(id);
  }

  level(id: string, skill: string): number {
    return this.byId.get(id)?.levels.get(skill) ?? 0;
  }

  /** Returns whether a column came with it. */
  set(id: string, skill: string, level: number): boolean {
    const levels = this.byId.get(id)?.levels;
    if (level) levels?.set(skill, level);
    else levels?.delete(skill);
    return level > 0 && this.addColumn(skill);
  }

  /** Returns false when it is there already. */
  addColumn(skill: string): boolean {
    if (this.columns.includes(skill)) return false;
    this.columns.push(skill);
    this.added.add(skill);
    this.find({});
    return true;
  }

  /** How many have the skill, and how many of them are on duty. */
  holders(skill: string): { all: number; duty: number } {
    let all = 0;
    let duty = 0;
    for (const agent of this.agents) {
      if (!agent.levels.has(skill)) continue;
      all += 1;
      if (agent.duty) duty += 1;
    }
    return { all, duty };
  }
}
