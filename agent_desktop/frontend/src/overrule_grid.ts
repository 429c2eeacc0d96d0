// The grid in which a planner overrules a forecast: arrows and Enter move and keep, Escape gives up, Ctrl+Z undoes.
import { getHtml, post, Problem } from "./api";
import { all, byId } from "./page";
import { asShown, asTyped, numberOf } from "./plan_forms";
import { toast } from "./toast";
import { word } from "./words";

interface Line {
  key: string;
  expected: number;
  low: number;
  high: number;
  handling: number | null;
  callers: number | null;
  times: number | null;
  aht_s: number | null;
  why: string;
  by: string;
}

type Field = "callers" | "times" | "aht_s" | "why";
const fields: readonly Field[] = ["callers", "times", "aht_s", "why"];

export class OverruleGrid {
  private readonly done: number[][] = [];
  private saving: Promise<void> = Promise.resolve();

  constructor(
    private readonly forecast: string,
    private readonly queue: string,
  ) {
    for (const input of all<HTMLInputElement>("[data-grid] input")) input.dataset["was"] = input.value;
    for (const grid of all("[data-grid]")) {
      grid.addEventListener("keydown", (event) => this.key(event));
      grid.addEventListener("change", (event) => {
        if (event.target instanceof HTMLInputElement) this.keep(event.target);
      });
    }
    document.addEventListener("keydown", (event) => {
      const typed = event.target instanceof HTMLInputElement && event.target.value !== event.target.dataset["was"];
      if (event.key.toLowerCase() !== "z" || !(event.ctrlKey || event.metaKey) || typed || !this.done.length) return;
      event.preventDefault();
      this.undo();
    });
    byId("undo")?.addEventListener("click", () => this.undo());
  }

  private key(event: KeyboardEvent): void {
    const input = event.target;
    if (!(input instanceof HTMLInputElement)) return;
    if (event.key === "Escape") {
      input.value = input.dataset["was"] ?? "";
      this.wrong(input, "");
      return;
    }
    const by = event.key === "ArrowUp" ? -1 : event.key === "ArrowDown" || event.key === "Enter" ? 1 : 0;
    if (!by) return;
    event.preventDefault();
    if (event.key === "Enter") this.keep(input);
    const column = all<HTMLInputElement>(`[data-field="${input.dataset["field"]}"]`, input.closest("tbody") ?? document);
    const next = column[column.indexOf(input) + by];
    next?.focus();
    next?.select();
  }

  /** Keep the row of this field as it stands now; one after the other. */
  private keep(input: HTMLInputElement): void {
    const row = input.closest<HTMLElement>("tr[data-key]");
    if (!row || input.value === input.dataset["was"]) return;
    const own = (name: Field) => row.querySelector<HTMLInputElement>(`[data-field="${name}"]`);
    const numbers: Record<string, number | null> = {};
    for (const name of ["callers", "times", "aht_s"] as const) {
      const value = numberOf(own(name)?.value ?? "");
      if (Number.isNaN(value)) {
        this.wrong(own(name) ?? input, word("plan_no_number"));
        return;
      }
      numbers[name] = value;
    }
    const [day, number] = (row.dataset["key"] ?? "").split("/");
    const body = { queue: this.queue, day, number: number === undefined ? null : Number(number), ...numbers, why: own("why")?.value ?? "" };
    this.wrong(input, "");
    for (const name of fields) this.settle(own(name));
    this.saving = this.saving.then(() => this.send("overrule", body, input));
  }

  private settle(input: HTMLInputElement | null): void {
    if (input) input.dataset["was"] = input.value;
  }

  private undo(): void {
    const ids = this.done.pop();
    if (!ids) return;
    this.saving = this.saving.then(() => this.send("undo", { queue: this.queue, ids }, null));
  }

  private async send(what: string, body: unknown, input: HTMLInputElement | null): Promise<void> {
    try {
      const answer = await post<{ ids?: number[]; lines: Line[] }>(`/api/planner/forecasts/${this.forecast}/${what}`, body);
      if (answer.ids) this.done.push(answer.ids);
      for (const line of answer.lines) this.show(line);
      this.say(word(what === "undo" ? "plan_undone" : "plan_kept"));
      await this.redraw();
    } catch (error) {
      const words = error instanceof Problem ? error.message : word("failed");
      if (input) {
        input.dataset["was"] = "\u0000"; // the next change of it is sent again
        this.wrong(input, words);
      } else toast(words);
    }
    const button = byId<HTMLButtonElement>("undo");
    if (button) button.disabled = this.done.length === 0;
  }

  private show(line: Line): void {
    const row = document.querySelector<HTMLElement>(`tr[data-key="${line.key}"]`);
    if (!row) return;
    const put = (name: string, text: string) => {
      const cell = row.querySelector(`[data-of="${name}"]`);
      if (cell) cell.textContent = text;
    };
    put("expected", asShown(line.expected, 1));
    put("band", `${line.low}–${line.high}`);
    if (line.handling !== null) put("handling", `${Math.floor(line.handling / 60)}:${String(Math.floor(line.handling % 60)).padStart(2, "0")}`);
    put("by", line.by);
    for (const name of fields) {
      const input = row.querySelector<HTMLInputElement>(`[data-field="${name}"]`);
      if (!input || (input === document.activeElement && input.value !== input.dataset["was"])) continue;
      const value = line[name];
      input.value = typeof value === "number" ? asTyped(value) : (value ?? "");
      this.settle(input);
    }
  }

  private async redraw(): Promise<void> {
    const box = byId("pictures");
    const address = box?.dataset["address"];
    if (box && address) box.innerHTML = await getHtml(address);
  }

  private wrong(input: HTMLInputElement, words: string): void {
    const place = document.querySelector<HTMLElement>('[data-fault="grid"]');
    input.toggleAttribute("aria-invalid", words !== "");
    if (words) input.setAttribute("aria-invalid", "true");
    if (!place) return;
    place.hidden = words === "";
    place.textContent = words;
    if (words) input.closest("td")?.append(place);
  }

  private say(words: string): void {
    const said = byId("said");
    if (said) said.textContent = words;
    toast(words);
  }
}
