// A text that is published whole, without a draft on the server (the policy, the rules of rosters): check, what changes, publishing,
// and what to do when other people have published meanwhile.
import { getJson, post, Problem as Refusal } from "./api";
import { ask, settle } from "./notice_choice";
import { byId } from "./page";
import { PolicyCheck, type Checked, type CheckState } from "./policy_check";
import { Problems } from "./problem_list";
import { TextEditor } from "./text_editor";
import { setUpTextPage, type TextPage } from "./text_page";
import { openDifference, tell } from "./text_versions";
import { toast } from "./toast";
import { word } from "./words";

interface Start {
  text: string;
  based_on: number;
}

export interface WholeTextNews {
  /** Each change of the text. */
  touched?: () => void;
  /** A check has come back; whether the text could be read. */
  checked?: (readable: boolean) => void;
  /** It was published from here. */
  published?: () => unknown;
}

export class WholeText {
  readonly text: TextEditor;
  readonly problems: Problems;
  readonly check: PolicyCheck;
  private inForce: number;
  private readonly start: Start;

  /** `api` is where the text is kept, `kind` names it in this browser's storage and in the page: `kind`-start, and the words
   * `doneWord` once it is published and `shippedWord` while none of one's own is in force. */
  constructor(
    private readonly api: string,
    kind: string,
    private readonly doneWord: string,
    private readonly shippedWord: string,
    private readonly news: WholeTextNews = {},
  ) {
    const facts = document.body.dataset;
    this.start = JSON.parse(byId(`${kind}-start`)?.textContent ?? "{}") as Start;
    this.inForce = Number(facts["inForce"]);
    this.text = new TextEditor(byId("editor") ?? document.body, this.start.text, {
      changed: () => {
        this.check.touch();
        this.news.touched?.();
      },
      moved: () => undefined,
    });
    this.problems = new Problems(this.text);
    const heard = { checked: (answer: Checked): void => this.checked(answer), state: (state: CheckState, why: string): void => this.showState(state, why) };
    this.check = new PolicyCheck(facts["login"] ?? "", () => this.text, this.start.text, this.start.based_on, heard, api, kind);
  }

  get number(): number {
    return this.inForce;
  }

  /** Go on with what was typed here before, and have it checked. */
  begin(): void {
    const left = this.check.left();
    if (left && left.text !== this.start.text) {
      this.check.basedOn = left.basedOn;
      this.text.replace(left.text);
      toast(word("policy_left_here"));
    }
    this.text.focus();
    this.text.goTo(1);
    void this.check.now();
    if (this.inForce !== this.check.basedOn) this.showOvertaken(this.inForce, "", "");
  }

  /** Another version has come into force. Whoever has changed nothing gets its text; else they are asked. */
  async cameInForce(number: number, by = "", note = ""): Promise<void> {
    if (number === this.inForce && number === this.check.basedOn) return;
    this.inForce = number;
    this.showNumber();
    if (number === this.check.basedOn) settle("overtaken");
    else if (this.check.changed) this.showOvertaken(number, by, note);
    else {
      await this.takeTheirs();
      toast(word("edit_brought_up_to_date", { number: String(number) }));
    }
  }

  async takeTheirs(): Promise<void> {
    await this.goOnFrom(true);
  }

  async askPublish(): Promise<void> {
    const dialog = byId<HTMLDialogElement>("publish");
    if (!dialog || dialog.open) return;
    await this.check.now();
    if (!this.check.changed && this.check.basedOn === this.inForce) {
      toast(word("edit_nothing_changed"));
      return;
    }
    const [faults, hints] = [this.problems.faultWords(), this.problems.hintWords()];
    tell("publish-problem", faults ? word("edit_mend_first", { count: faults }) : "");
    const left = byId("publish-warnings");
    if (left) left.textContent = hints ? word("edit_warnings_remain", { count: hints }) : "";
    const [from, to] = [byId("difference"), byId("publish-difference")];
    if (from && to) to.innerHTML = from.innerHTML;
    dialog.showModal();
    byId("note")?.focus();
  }

  /** Publish it, with the note of the dialog. */
  async publish(): Promise<void> {
    const note = byId<HTMLInputElement>("note");
    const button = byId<HTMLButtonElement>("publish-now");
    if (!note || !button || button.disabled) return;
    if (!note.value.trim()) {
      tell("publish-problem", word("edit_note_missing"));
      return;
    }
    button.disabled = true;
    const sent = this.text.text;
    try {
      const body = { text: sent, note: note.value, based_on: this.check.basedOn };
      const { number } = await post<{ number: number }>(`${this.api}/publish`, body);
      byId<HTMLDialogElement>("publish")?.close();
      note.value = "";
      this.inForce = number;
      this.showNumber();
      this.check.begin(sent, number);
      settle("overtaken");
      const done = byId("published");
      if (done) {
        done.textContent = word(this.doneWord, { number: String(number) });
        done.hidden = false;
      }
      await this.news.published?.();
    } catch (error) {
      tell("publish-problem", error instanceof Refusal ? error.message : word("failed"));
    } finally {
      button.disabled = false;
    }
  }

  private checked(answer: Checked): void {
    this.problems.show(answer);
    const readable = answer.picture !== undefined;
    const stale = byId("stale");
    if (stale) stale.hidden = readable;
    for (const [id, html] of [["difference", answer.difference], ["picture", answer.picture]] as const) {
      const box = byId(id);
      if (box && html !== undefined) box.innerHTML = html;
    }
    this.news.checked?.(readable);
    if (answer.in_force !== this.inForce) void this.cameInForce(answer.in_force);
  }

  private showState(state: CheckState, why: string): void {
    document.body.dataset["check"] = state;
    const box = byId("kept");
    if (box) box.textContent = why || word(state === "checked" ? (this.check.changed ? "policy_kept" : "policy_unchanged") : `policy_${state}`);
  }

  private showNumber(): void {
    const box = byId("in-force");
    if (box) box.textContent = this.inForce ? word("edit_in_force", { number: String(this.inForce) }) : word(this.shippedWord);
  }

  private showOvertaken(number: number, by: string, note: string): void {
    const fields = { number: String(number), by, note, base: String(this.check.basedOn) };
    const see = (): void => void openDifference(this.api, String(this.check.basedOn), String(number), word("edit_what_they_changed", fields));
    ask("overtaken", word(by ? "edit_overtaken_by" : "edit_overtaken", fields), [
      { name: "see", label: word("edit_see_difference"), act: see },
      { name: "mine", label: word("edit_mine_on_top", fields), act: () => void this.goOnFrom(false).then(() => this.text.focus()) },
      { name: "theirs", label: word("edit_take_theirs", fields), act: () => void this.takeTheirs() },
    ]);
  }

  /** Go on from what is in force: with its text, or with mine on top of it. */
  private async goOnFrom(withText: boolean): Promise<void> {
    try {
      const now = await getJson<Start>(`${this.api}/text`);
      this.inForce = now.based_on;
      this.showNumber();
      if (withText) this.text.replace(now.text);
      this.check.begin(now.text, now.based_on);
      settle("overtaken");
    } catch (error) {
      toast(error instanceof Refusal ? error.message : word("failed"));
    }
  }
}

/** Bring the page's keys, buttons, commands and the dialog for publishing to life; `publishWords` names that command. */
export function setUpWholeText(whole: WholeText, publishWords: string, own: Pick<TextPage, "keys" | "commands">): void {
  byId("publish-form")?.addEventListener("submit", (event) => {
    event.preventDefault();
    void whole.publish();
  });
  const publish = (): void => void whole.askPublish();
  setUpTextPage({
    text: whole.text,
    problems: whole.problems,
    check: () => void whole.check.now(),
    publish,
    drop: () => void whole.takeTheirs(),
    home: "difference",
    side: "#effects",
    ...own,
    commands: () => [{ label: publishWords, key: "Ctrl ↵", run: publish }, ...own.commands()],
  });
}
