// Versions of the policy: what differs, and bringing one back after a look at what changes.
import { getHtml, post, Problem } from "./api";
import { above, byId } from "./page";
import { word } from "./words";

/** Show what makes one version of another in the element with this id. */
export async function showDifference(id: string, before: number, after: number): Promise<void> {
  const box = byId(id);
  if (!box) return;
  box.textContent = word("searching");
  try {
    box.innerHTML = await getHtml(`/api/policy/difference?before=${before}&after=${after}`);
  } catch (error) {
    box.textContent = error instanceof Problem ? error.message : word("failed");
  }
}

/** Open the dialog that shows what differs. */
export async function openDifference(before: number, after: number, words: string): Promise<void> {
  const dialog = byId<HTMLDialogElement>("compare");
  const label = byId("compare-label");
  if (!dialog || !label || dialog.open) return;
  label.textContent = words;
  dialog.showModal();
  await showDifference("compare-difference", before, after);
}

export class Versions {
  private number = 0;

  constructor(
    private readonly inForce: () => number,
    private readonly done: (number: number) => void,
  ) {
    byId("versions")?.addEventListener("click", (event) => {
      const back = above(event.target, "[data-bring-back]")?.dataset["bringBack"];
      const compare = above(event.target, "[data-compare]")?.dataset["compare"];
      if (back) void this.askBringBack(Number(back));
      if (compare) void openDifference(this.inForce(), Number(compare), word("policy_against", { number: compare }));
    });
    byId("bring-back-now")?.addEventListener("click", () => void this.bringBack());
  }

  /** Bring the list up to date. */
  async refresh(): Promise<void> {
    const list = byId("versions-list");
    const html = await getHtml("/api/policy/versions").catch(() => "");
    if (list && html) list.innerHTML = html;
  }

  private async askBringBack(number: number): Promise<void> {
    const dialog = byId<HTMLDialogElement>("bring-back");
    const label = byId("bring-back-label");
    if (!dialog || !label || dialog.open) return;
    this.number = number;
    label.textContent = word("edit_bring_back", { number: String(number) });
    this.tell("");
    dialog.showModal();
    byId("bring-back-now")?.focus();
    await showDifference("bring-back-difference", this.inForce(), number);
  }

  private async bringBack(): Promise<void> {
    const button = byId<HTMLButtonElement>("bring-back-now");
    if (!button || button.disabled) return;
    button.disabled = true;
    this.tell("");
    try {
      const body = { number: this.number, based_on: this.inForce() };
      const answer = await post<{ number: number }>("/api/policy/bring-back", body);
      byId<HTMLDialogElement>("bring-back")?.close();
      this.done(answer.number);
    } catch (error) {
      this.tell(error instanceof Problem ? error.message : word("failed"));
    } finally {
      button.disabled = false;
    }
  }

  private tell(words: string): void {
    const box = byId("bring-back-problem");
    if (!box) return;
    box.textContent = words;
    box.hidden = !words;
  }
}
