// Promised calls: whether the customer was reached, and a later time to call.
import { interaction } from "./agent_state";
import { post, Problem } from "./api";
import { keep } from "./notes";
import { toast } from "./toast";
import { word } from "./words";

/** Say whether it was the customer who answered; `show` puts the new work area in its place. */
export async function sayReached(reached: boolean, show: (html: string) => void): Promise<void> {
  try {
    await keep(); // the work area that comes back holds the note as it is kept
    const { html } = await post<{ html: string }>("/api/reached", { interaction_id: interaction(), reached });
    show(html);
  } catch (error) {
    toast(error instanceof Problem ? error.message : word("failed"));
  }
}

/** Have the customer of the call in hand called again at the chosen time. */
export async function callAgain(form: HTMLFormElement): Promise<void> {
  const at = form.querySelector("input")?.value ?? "";
  try {
    const { words } = await post<{ words: string }>("/api/call-again", { interaction_id: form.dataset["again"] ?? "", at });
    toast(words);
  } catch (error) {
    toast(error instanceof Problem ? error.message : word("failed"));
  }
}
