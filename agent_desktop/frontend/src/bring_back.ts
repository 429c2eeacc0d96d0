// Versions of the policy or of a script: what differs, and bringing one back after a look at what changes.
import { post, Problem } from "./api";
import { above, byId } from "./page";
import { openDifference, refreshVersions, showDifference, tell } from "./text_versions";
import { word } from "./words";

export class Versions {
  private number = 0;

  /** `api` is where the text is kept, such as "/api/policy". */
  constructor(
    private readonly api: string,
    private readonly inForce: () => number,
    private readonly done: (number: number) => void,
  ) {
    byId("versions")?.addEventListener("click", (event) => {
      const back = above(event.target, "[data-bring-back]")?.dataset["bringBack"];
      const compare = above(event.target, "[data-compare]")?.dataset["compare"];
      if (back) void this.askBringBack(Number(back));
      if (compare) void openDifference(this.api, String(this.inForce()), compare, word("policy_against", { number: compare }));
    });
    byId("bring-back-now")?.addEventListener("click", () => void this.bringBack());
  }

  /** Bring the list up to date. */
  async refresh(): Promise<void> {
    await refreshVersions(this.api);
  }

  private async askBringBack(number: number): Promise<void> {
    const dialog = byId<HTMLDialogElement>("bring-back");
    const label = byId("bring-back-label");
    if (!dialog || !label || dialog.open) return;
    this.number = number;
    label.textContent = word("edit_bring_back", { number: String(number) });
    tell("bring-back-problem", "");
    dialog.showModal();
    byId("bring-back-now")?.focus();
    await showDifference(this.api, "bring-back-difference", String(this.inForce()), String(number));
  }

  private async bringBack(): Promise<void> {
    const button = byId<HTMLButtonElement>("bring-back-now");
    if (!button || button.disabled) return;
    button.disabled = true;
    tell("bring-back-problem", "");
    try {
      const body = { number: this.number, based_on: this.inForce() };
      const answer = await post<{ number: number }>(`${this.api}/bring-back`, body);
      byId<HTMLDialogElement>("bring-back")?.close();
      this.done(answer.number);
    } catch (error) {
      tell("bring-back-problem", error instanceof Problem ? error.message : word("failed"));
    } finally {
      button.disabled = false;
    }
  }
}
