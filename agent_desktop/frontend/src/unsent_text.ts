// What was typed and the server has not got yet: in the browser's own storage, so that no closed tab and no dead server loses it.

/** A text on its way. `mark` is that of the draft on which it was written. */
export interface Unsent {
  text: string;
  basedOn: number;
  mark: string;
}

export class Shelf {
  private readonly key: string;

  /** `what` is being edited, such as "flow". */
  constructor(what: string, login: string, name = "") {
    this.key = `halo-${what}:${login}:${name}`;
  }

  /** Keep it; a browser without room or storage keeps nothing, and the server has it a moment later. */
  put(unsent: Unsent): void {
    try {
      window.localStorage.setItem(this.key, JSON.stringify(unsent));
    } catch {
      return;
    }
  }

  /** The server has it. */
  clear(): void {
    try {
      window.localStorage.removeItem(this.key);
    } catch {
      return;
    }
  }

  /** The names under which something of this kind was left by this login. */
  static names(what: string, login: string): string[] {
    const start = `halo-${what}:${login}:`;
    try {
      return Object.keys(window.localStorage).filter((key) => key.startsWith(start)).map((key) => key.slice(start.length));
    } catch {
      return [];
    }
  }

  /** What was left, null for nothing. */
  left(): Unsent | null {
    try {
      const found = JSON.parse(window.localStorage.getItem(this.key) ?? "null") as Unsent | null;
      return found && typeof found.text === "string" && typeof found.mark === "string" && Number.isInteger(found.basedOn) ? found : null;
    } catch {
      return null;
    }
  }
}
