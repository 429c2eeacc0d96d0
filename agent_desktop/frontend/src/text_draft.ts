// Keeps the text on the server at every stop in typing, and asks what is wrong with it. One request at a time: no answer is old.
import { getJson, post, Problem as Refusal } from "./api";
import type { Findings } from "./problem_list";
import type { Shelf } from "./unsent_text";
import type { TextEditor } from "./text_editor";

/** What the server says of a text that it keeps. */
export interface CheckedText extends Findings {
  mark: string;
  kept: boolean;
  in_force: number;
}

export interface Kept {
  text: string;
  based_on: number;
  mark: string;
}

export type KeptState = "kept" | "keeping" | "away" | "elsewhere" | "refused";

export interface DraftNews<Answer> {
  checked: (answer: Answer) => void;
  state: (state: KeptState, why: string) => void;
}

const pauseMs = 350;
const againMs = 2000;

export class Draft<Answer extends CheckedText> {
  private changes = 0;
  private busy: Promise<void> | null = null;
  private timer = 0;
  private stopped = false;

  /** `api` is where the text is kept, such as "/api/flows/hotline". */
  constructor(
    private readonly api: string,
    private readonly shelf: Shelf,
    private readonly text: () => TextEditor,
    public basedOn: number,
    public mark: string,
    private readonly news: DraftNews<Answer>,
  ) {}

  /** The text has changed: on the shelf at once, to the server in a moment. */
  touch(): void {
    this.changes += 1;
    this.shelf.put({ text: this.text().text, basedOn: this.basedOn, mark: this.mark });
    if (this.stopped) return;
    this.news.state("keeping", "");
    this.later(pauseMs);
  }

  /** What a closed tab or a dead server left here. */
  left(): ReturnType<Shelf["left"]> {
    return this.shelf.left();
  }

  /** Have it kept and checked now; true when the server has all of it. */
  async now(): Promise<boolean> {
    window.clearTimeout(this.timer);
    do {
      await (this.busy ?? this.send());
      if (this.stopped) return false;
    } while (this.busy);
    return this.shelf.left() === null;
  }

  /** What was kept last, from whichever window. */
  async kept(): Promise<Kept> {
    return getJson<Kept>(`${this.api}/draft`);
  }

  /** Go on from what the server has: the text of another window, or what is in force. */
  take(kept: Kept): void {
    this.goOn(kept.based_on, kept.mark);
    this.text().replace(kept.text);
    this.shelf.clear();
    this.later(0);
  }

  /** Keep the text that is here over the other one. */
  goOn(basedOn: number, mark: string): void {
    this.basedOn = basedOn;
    this.mark = mark;
    this.stopped = false;
    this.later(0);
  }

  /** Throw the draft away. */
  async drop(): Promise<void> {
    window.clearTimeout(this.timer);
    await this.busy;
    this.take(await post<Kept>(`${this.api}/draft/drop`, {}));
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
    const body = { text: this.text().text, based_on: this.basedOn, mark: this.mark, line: this.text().cursorLine };
    try {
      const answer = await post<Answer>(`${this.api}/draft`, body);
      this.mark = answer.mark;
      if (changes !== this.changes) {
        this.shelf.put({ text: this.text().text, basedOn: this.basedOn, mark: this.mark });
        this.later(pauseMs);
        return;
      }
      if (answer.kept) this.shelf.clear();
      this.news.state(answer.kept ? "kept" : "refused", "");
      this.news.checked(answer);
    } catch (error) {
      this.failed(error);
    }
  }

  private failed(error: unknown): void {
    if (error instanceof Refusal && error.code === "stale_draft") {
      this.stopped = true;
      this.news.state("elsewhere", error.message);
    } else if (error instanceof Refusal && !error.retryable) this.news.state("refused", error.message);
    else {
      this.news.state("away", "");
      this.later(againMs);
    }
  }
}
