// A text that is kept as a draft while it is edited: what was kept, what others do, and what to do when another version comes.
import { Problem as Refusal } from "./api";
import { ask, askWhichText, settle } from "./notice_choice";
import { byId } from "./page";
import { Problems } from "./problem_list";
import { Draft, type CheckedText, type KeptState } from "./text_draft";
import type { TextEditor } from "./text_editor";
import { openDifference, refreshVersions } from "./text_versions";
import { toast } from "./toast";
import { Shelf } from "./unsent_text";
import { word } from "./words";

/** What the page begins with. */
export interface Start {
  text: string;
  mark: string;
  published: string;
}

/** What every stream of a text tells. */
export interface TextStatus {
  in_force: { number: number; by: string; note: string };
  others: { name: string; at: string; based_on: string }[];
}

export interface EditingNews<Answer> {
  checked: (answer: Answer) => void;
  /** Words for who else is changing the text, with {names}. */
  others: string;
}

export class Editing<Answer extends CheckedText> {
  readonly draft: Draft<Answer>;
  readonly problems: Problems;
  inForce: number;
  published: string;

  /** `api` is where the text is kept; `kind` and `name` say which it is, for the browser's own storage. */
  constructor(
    private readonly api: string,
    kind: string,
    name: string,
    private readonly text: TextEditor,
    private readonly start: Start,
    private readonly news: EditingNews<Answer>,
  ) {
    const facts = document.body.dataset;
    this.inForce = Number(facts["inForce"]);
    this.published = start.published;
    this.problems = new Problems(text);
    const shelf = new Shelf(kind, facts["login"] ?? "", name);
    this.draft = new Draft(api, shelf, () => text, Number(facts["basedOn"]), start.mark, {
      checked: (answer) => this.checked(answer),
      state: (state, why) => this.showKept(state, why),
    });
  }

  /** Go on with what was kept, or what a closed tab or a dead server left in this browser. */
  begin(): void {
    this.text.focus();
    this.text.goTo(1);
    this.takeLeft();
    if (this.inForce !== this.draft.basedOn) this.showOvertaken(this.inForce, "", "");
  }

  /** Whether there is anything to publish. */
  get changed(): boolean {
    return this.text.text !== this.published || this.draft.basedOn !== this.inForce;
  }

  /** What the stream tells. */
  pushed(message: TextStatus): void {
    const others = byId("others");
    if (others) {
      others.hidden = message.others.length === 0;
      const names = message.others.map((one) => word("edit_other", { name: one.name, at: one.at })).join(", ");
      const words = word(this.news.others, { names });
      if (others.textContent !== words) others.textContent = words;
    }
    const { number, by, note } = message.in_force;
    if (number === this.inForce && number === this.draft.basedOn) return;
    if (number !== this.inForce) void refreshVersions(this.api);
    void this.cameInForce(number, by, note);
  }

  /** This text is in force under this number: the one to go on from. */
  isInForce(number: number): void {
    this.inForce = number;
    this.draft.goOn(number, this.draft.mark);
    this.published = this.text.text;
    this.showNumber();
    settle("overtaken");
  }

  /** Show what differs between two texts; the draft is kept before. */
  compare(before: string, after: string, words: string): void {
    void openDifference(this.api, before, after, words, this.draft.now());
  }

  /** Throw the draft away. */
  async throwAway(): Promise<void> {
    await this.tried(async () => {
      await this.draft.drop();
      this.published = this.text.text;
      this.inForce = this.draft.basedOn;
      settle("overtaken");
    });
  }

  private checked(answer: Answer): void {
    this.problems.show(answer);
    this.news.checked(answer);
    if (answer.in_force !== this.inForce) void this.cameInForce(answer.in_force, "", "");
  }

  private showKept(state: KeptState, why: string): void {
    const box = byId("kept");
    document.body.dataset["kept"] = state;
    if (box) box.textContent = why || word(`kept_${state}`);
    if (state !== "elsewhere") return;
    const other = { label: word("edit_take_other"), act: () => void this.takeKept() };
    askWhichText(why, other, { label: word("edit_keep_mine"), act: () => void this.keepMine() });
  }

  private async takeKept(): Promise<void> {
    await this.tried(async () => this.draft.take(await this.draft.kept()));
  }

  private async keepMine(): Promise<void> {
    await this.tried(async () => {
      const other = await this.draft.kept();
      this.draft.goOn(this.draft.basedOn, other.mark);
    });
  }

  private async tried(act: () => Promise<unknown>): Promise<void> {
    try {
      await act();
    } catch (error) {
      toast(error instanceof Refusal ? error.message : word("failed"));
    }
  }

  /** Another version has come into force. Whoever has changed nothing gets its text; else they are asked. */
  private async cameInForce(number: number, by: string, note: string): Promise<void> {
    if (number === this.inForce && number === this.draft.basedOn) return;
    this.inForce = number;
    this.showNumber();
    if (number === this.draft.basedOn) {
      settle("overtaken");
      return;
    }
    if (this.text.text === this.published) {
      await this.tried(async () => {
        const kept = await this.draft.kept();
        this.draft.take(kept);
        this.published = kept.text;
        toast(word("edit_brought_up_to_date", { number: String(number) }));
      });
      return;
    }
    this.showOvertaken(number, by, note);
  }

  private showNumber(): void {
    const box = byId("in-force");
    if (box) box.textContent = word("edit_in_force", { number: String(this.inForce) });
  }

  private showOvertaken(number: number, by: string, note: string): void {
    const base = String(this.draft.basedOn);
    const fields = { number: String(number), by, note, base };
    const see = (): void => this.compare(base, String(number), word("edit_what_they_changed", fields));
    ask("overtaken", word(by ? "edit_overtaken_by" : "edit_overtaken", fields), [
      { name: "see", label: word("edit_see_difference"), act: see },
      { name: "mine", label: word("edit_mine_on_top", fields), act: () => this.goOnFrom(number) },
      { name: "theirs", label: word("edit_take_theirs", fields), act: () => void this.throwAway() },
    ]);
  }

  private goOnFrom(number: number): void {
    settle("overtaken");
    this.draft.goOn(number, this.draft.mark);
    this.text.focus();
  }

  private takeLeft(): void {
    const left = this.draft.left();
    if (!left || left.text === this.start.text) return void this.draft.now();
    if (left.mark === this.start.mark) {
      this.draft.basedOn = left.basedOn;
      this.text.replace(left.text);
      return;
    }
    const newer = (): void => void this.draft.now(); // and not before: what was left here is on the shelf until then
    const taken = { label: word("edit_take_left"), act: () => this.text.replace(left.text) };
    askWhichText(word("edit_left_here"), taken, { label: word("edit_keep_newer"), act: newer });
  }
}

/** Whether keys mean anything to the page: not while a dialog is open. */
export function inDialog(): boolean {
  return document.querySelector("dialog[open]") !== null;
}

/** Bring the list of versions into view. */
export function toVersions(): void {
  byId("versions")?.scrollIntoView({ block: "start" });
  byId("versions")?.focus();
}

/** Ask whether the changes shall be thrown away. */
export function askDrop(): void {
  byId<HTMLDialogElement>("drop")?.showModal();
}
