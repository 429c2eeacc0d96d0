// Walking through a script as an agent would: a caller is chosen, answers are given, and the server says which way was taken and why.
import { postForHtml, Problem } from "./api";
import { above, all, byId } from "./page";
import { toast } from "./toast";
import { word } from "./words";
import { replace } from "./work_area";

interface Given {
  page: string;
  answer: string;
}

export class Walker {
  private answers: Given[] = [];
  private facts: Record<string, string> = {};
  private asked = 0;

  /** `api` is where the script is kept; `stands` is told on which page the walk stands. */
  constructor(
    private readonly api: string,
    private readonly stands: (page: string) => void,
  ) {
    const box = byId("walk");
    box?.addEventListener("click", (event) => this.clicked(event));
    box?.addEventListener("submit", (event) => {
      event.preventDefault();
      const form = above(event.target, "[data-question]");
      if (form) this.answer(form.querySelector("input")?.value ?? "");
    });
    box?.addEventListener("change", (event) => this.changed(event));
    byId("sample")?.addEventListener("change", () => {
      this.facts = {};
      this.answers = [];
      void this.show();
    });
  }

  /** Show where the walk stands now: the text has changed, or an answer was given. */
  async show(): Promise<void> {
    const box = byId("walk");
    if (!box) return;
    const asked = ++this.asked;
    const sample = byId<HTMLSelectElement>("sample")?.value ?? "";
    try {
      const html = await postForHtml(`${this.api}/walk`, { sample, facts: this.facts, answers: this.answers });
      if (asked !== this.asked) return;
      replace(box, html);
      const stands = box.querySelector<HTMLElement>(".walk")?.dataset ?? {};
      this.answers.length = Math.min(this.answers.length, Number(stands["taken"] ?? "0"));
      this.stands(stands["page"] ?? "");
    } catch (error) {
      if (asked === this.asked) toast(error instanceof Problem ? error.message : word("failed"));
    }
  }

  /** Alt and a digit: an answer by its number, or with 0 a page back. Whether there was one. */
  key(digit: string): boolean {
    const choices = all<HTMLButtonElement>("#walk [data-answer]");
    const button = digit === "0" ? document.querySelector<HTMLButtonElement>('#walk [data-walk="back"]') : choices[Number(digit) - 1];
    button?.click();
    return button !== null && button !== undefined;
  }

  private clicked(event: Event): void {
    const said = above(event.target, "[data-answer]")?.dataset["answer"];
    const walks = above(event.target, "[data-walk]")?.dataset["walk"];
    if (said !== undefined) this.answer(said);
    else if (walks === "back") {
      this.answers.pop();
      void this.show();
    } else if (walks === "again") {
      this.answers = [];
      void this.show();
    }
  }

  private changed(event: Event): void {
    const field = event.target;
    if (!above(field, "#walk-facts") || !(field instanceof HTMLInputElement || field instanceof HTMLSelectElement)) return;
    this.facts[field.name] = field.value;
    void this.show();
  }

  private answer(answer: string): void {
    const page = byId("walk")?.querySelector<HTMLElement>(".walk")?.dataset["page"] ?? "";
    this.answers.push({ page, answer });
    void this.show();
  }
}
