// Publishing and bringing back: asked with a note, followed while it is worked on, and what came of it.
import { post, Problem } from "./api";
import type { Checked } from "./flow_heard";
import { above, byId } from "./page";
import type { Draft } from "./text_draft";
import { showDifference, tell } from "./text_versions";
import { toast } from "./toast";
import { word } from "./words";

/** An order as the server tells of it. */
export interface Order {
  id: string;
  way: "publish" | "bring_back";
  state: "waiting" | "working" | "done" | "conflict" | "refused" | "untrue" | "failed";
  step: string;
  done: number;
  of: number;
  version: number;
  based_on: number;
  by: string;
  mine: boolean;
  findings: string[];
  late: boolean;
}

const over = ["done", "conflict", "refused", "untrue", "failed"];

export class Orders {
  private placed = window.sessionStorage.getItem("halo-order") ?? "";
  private note = "";
  private number = 0;
  private last: Order | null = null;

  constructor(
    private readonly flow: string,
    private readonly draft: Draft<Checked>,
    private readonly text: () => string,
    private readonly inForce: () => number,
    private readonly doneNow: (order: Order) => void,
  ) {
    byId("publish-form")?.addEventListener("submit", (event) => {
      event.preventDefault();
      this.note = byId<HTMLInputElement>("note")?.value.trim() ?? "";
      void this.publish(false);
    });
    byId("bring-back-now")?.addEventListener("click", () => void this.bringBack());
    byId("versions")?.addEventListener("click", (event) => {
      const button = above(event.target, "[data-bring-back]");
      if (button) void this.askBringBack(Number(button.dataset["bringBack"]));
    });
    byId("order")?.addEventListener("click", (event) => {
      if (above(event.target, '[data-do="anyway"]')) void this.publish(true);
      if (above(event.target, '[data-do="hide-order"]')) this.hide();
    });
  }

  /** Ask what changed; the difference stands below. */
  async askPublish(faults: string, hints: string): Promise<void> {
    const dialog = byId<HTMLDialogElement>("publish");
    if (!dialog || dialog.open) return;
    tell("publish-problem", "");
    const words = byId("publish-warnings");
    if (words) words.textContent = hints ? word("edit_warnings_remain", { count: hints }) : "";
    dialog.showModal();
    byId("note")?.focus();
    if (faults) tell("publish-problem", word("edit_mend_first", { count: faults }));
    await showDifference(`/api/flows/${this.flow}`, "publish-difference", String(this.inForce()), "draft");
  }

  /** Bring an earlier version back, after a look at what changes. */
  async askBringBack(number: number): Promise<void> {
    const dialog = byId<HTMLDialogElement>("bring-back");
    const label = byId("bring-back-label");
    if (!dialog || !label || dialog.open) return;
    this.number = number;
    label.textContent = word("edit_bring_back", { number: String(number) });
    tell("bring-back-problem", "");
    dialog.showModal();
    byId("bring-back-now")?.focus();
    await showDifference(`/api/flows/${this.flow}`, "bring-back-difference", String(this.inForce()), String(number));
  }

  /** The newest order, as pushed; one that is over only where it was placed, until it is put away. */
  show(order: Order | null): void {
    const box = byId("order");
    this.last = order;
    if (!box || !order) return;
    const ended = over.includes(order.state);
    if (ended && order.id !== this.placed) {
      if (!box.dataset["kept"]) box.hidden = true;
      return;
    }
    delete box.dataset["kept"];
    box.hidden = false;
    box.className = `notice ${order.state === "done" ? "notice--good" : ended ? "notice--bad" : "notice--soft"}`;
    box.dataset["state"] = order.state;
    this.paint(box, order, ended);
    if (!ended) return;
    this.remember("");
    box.dataset["kept"] = "yes";
    if (order.state === "done") this.doneNow(order);
  }

  private hide(): void {
    const box = byId("order");
    if (box) box.hidden = true;
    if (box) delete box.dataset["kept"];
  }

  private paint(box: HTMLElement, order: Order, ended: boolean): void {
    const version = String(order.version);
    const families = { waiting: order.late ? "late" : "waiting", working: "working" } as Record<string, string>;
    const state = order.state === "done" && order.way === "bring_back" ? "brought_back" : (families[order.state] ?? order.state);
    const what = document.createElement("p");
    what.textContent = word(`order_${state}`, { version, by: order.by });
    const children: Node[] = [what];
    if (order.state === "working" && order.step) {
      const counted = order.of ? word("edit_of", { done: String(order.done), of: String(order.of) }) : "";
      what.textContent += ` ${word(`step_${order.step}`)} ${counted}`;
      const bar = document.createElement("progress");
      bar.setAttribute("aria-label", word(`step_${order.step}`));
      if (order.of) [bar.max, bar.value] = [order.of, order.done];
      children.push(bar);
    }
    if (order.findings.length) {
      const list = document.createElement("ul");
      list.className = "order__findings";
      list.lang = "en";
      list.append(...order.findings.map((finding) => Object.assign(document.createElement("li"), { textContent: finding })));
      children.push(list);
    }
    if (ended) {
      const acts = document.createElement("p");
      acts.className = "notice__acts";
      if (order.state === "untrue") acts.append(this.button("anyway", word("edit_anyway")));
      acts.append(this.button("hide-order", word("edit_hide")));
      children.push(acts);
    }
    box.replaceChildren(...children);
  }

  private button(act: string, label: string): HTMLElement {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button";
    button.dataset["do"] = act;
    button.textContent = label;
    return button;
  }

  private async publish(anyway: boolean): Promise<void> {
    if (!this.note && anyway) {
      await this.askPublish("", "");
      return;
    }
    if (!this.note) {
      tell("publish-problem", word("edit_note_missing"));
      return;
    }
    await this.place("publish", "publish-problem", async () => {
      await this.draft.now();
      const body = { text: this.text(), mark: this.draft.mark, based_on: this.draft.basedOn, note: this.note, anyway };
      const answer = await post<{ order: string; mark: string }>(`/api/flows/${this.flow}/publish`, body);
      this.draft.mark = answer.mark;
      return answer.order;
    });
  }

  private async bringBack(): Promise<void> {
    await this.place("bring-back", "bring-back-problem", async () => {
      const body = { number: this.number, based_on: this.inForce() };
      return (await post<{ order: string }>(`/api/flows/${this.flow}/bring-back`, body)).order;
    });
  }

  /** Place an order once, however often the button is pressed. */
  private async place(dialog: string, problem: string, ask: () => Promise<string>): Promise<void> {
    const button = byId<HTMLButtonElement>(`${dialog}-now`);
    if (button?.disabled) return;
    if (button) button.disabled = true;
    tell(problem, "");
    try {
      this.remember(await ask());
      byId<HTMLDialogElement>(dialog)?.close();
      const note = byId<HTMLInputElement>("note");
      if (note) note.value = "";
      byId("order")?.scrollIntoView({ block: "nearest" });
    } catch (error) {
      const words = error instanceof Problem ? error.message : word("failed");
      tell(problem, words);
      if (!byId<HTMLDialogElement>(dialog)?.open) toast(words);
    } finally {
      if (button) button.disabled = false;
    }
  }

  private remember(order: string): void {
    this.placed = order;
    window.sessionStorage.setItem("halo-order", order);
    if (!order) return;
    this.hide();
    if (this.last?.id === order) this.show(this.last); // it was pushed before the answer came
  }
}
