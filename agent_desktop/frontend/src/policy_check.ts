// A text that is published whole (the policy, the rules of rosters) as it is typed: kept in this browser until it is published, and checked at every stop. No old answer is shown.
import { post, Problem as Refusal } from "./api";
import type { Findings } from "./problem_list";
import type { TextEditor } from "./text_editor";
import { Shelf } from "./unsent_text";

/** What the server says of the text. Without a picture it could not be read. */
export interface Checked extends Findings {
  in_force: number;
  difference?: string;
  picture?: string;
}

export type CheckState = "checked" | "checking" | "away" | "refused";

export interface CheckNews {
  checked: (answer: Checked) => void;
  state: (state: CheckState, why: string) => void;
}

const pauseMs = 350;
const againMs = 2000;

export class PolicyCheck {
  private changes = 0;
  private busy: Promise<void> | null = null;
  private timer = 0;
  private readonly shelf: Shelf;

  constructor(
    login: string,
    private readonly text: () => TextEditor,
    private published: string,
    public basedOn: number,
    private readonly news: CheckNews,
    private readonly api = "/api/policy",
    what = "policy",
  ) {
    this.shelf = new Shelf(what, login);
  }

  /** The text has changed: kept here at once, checked in a moment. */
  touch(): void {
    this.changes += 1;
    this.keep();
    this.news.state("checking", "");
    this.later(pauseMs);
  }

  /** What was typed here before and never published. */
  left(): ReturnType<Shelf["left"]> {
    return this.shelf.left();
  }

  /** Whether the text is another one than that it began from. */
  get changed(): boolean {
    return this.text().text !== this.published;
  }

  /** Have it checked now. */
  async now(): Promise<void> {
    window.clearTimeout(this.timer);
    const changes = this.changes;
    await this.busy;
    if (changes === this.changes) await this.send();
  }

  /** This text is in force under this number: the one to begin from. */
  begin(text: string, number: number): void {
    this.published = text;
    this.basedOn = number;
    this.keep();
    this.later(0);
  }

  private keep(): void {
    if (this.changed) this.shelf.put({ text: this.text().text, basedOn: this.basedOn, mark: "" });
    else this.shelf.clear();
  }

  private later(ms: number): void {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void (this.busy ?? this.send()), ms);
  }

  private send(): Promise<void> {
    this.busy = this.ask().finally(() => {
      this.busy = null;
    });
    return this.busy;
  }

  private async ask(): Promise<void> {
    const changes = this.changes;
    try {
      const answer = await post<Checked>(`${this.api}/check`, { text: this.text().text });
      if (changes !== this.changes) {
        this.later(pauseMs);
        return;
      }
      this.news.checked(answer);
      this.news.state("checked", "");
    } catch (error) {
      if (error instanceof Refusal && !error.retryable) this.news.state("refused", error.message);
      else {
        this.news.state("away", "");
        this.later(againMs);
      }
    }
  }
}
