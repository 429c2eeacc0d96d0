// Answering the script: the server moves on and gives back the work area.
import { interaction } from "./agent_state";
import { post, Problem } from "./api";
import { keep } from "./notes";
import { toast } from "./toast";
import { word } from "./words";

/** Take an answer; `show` puts the new work area in its place. */
export async function answerScript(answer: string, show: (html: string) => void): Promise<void> {
  try {
    await keep(); // the work area that comes back holds the note as it is kept
    const { html } = await post<{ html: string }>("/api/script", { interaction_id: interaction(), answer });
    show(html);
  } catch (error) {
    toast(error instanceof Problem ? error.message : word("failed"));
  }
}
