// Saving the wrap-up. While the call log lags behind, it is sent again by itself.
import { interaction, setFacts, type AgentFacts } from "./agent_state";
import { post, Problem } from "./api";
import { chosenCode, forget, noteField } from "./notes";
import { byId } from "./page";
import { closeSheet } from "./sheet";
import { toast } from "./toast";
import { word } from "./words";

const tries = 30;
const pauseMs = 1000;
let saving = false;

interface WrapUp {
  interaction_id: string;
  code: string;
  note: string;
  ready_after: boolean;
}

/** Save the wrap-up of the call in hand; then ready, or a break. */
export async function saveWrapUp(readyAfter: boolean): Promise<void> {
  const code = chosenCode();
  if (saving) return;
  if (!code) {
    say(word("choose_disposition"));
    document.querySelector<HTMLElement>("#work .disposition")?.focus();
    return;
  }
  const id = interaction();
  saving = true;
  try {
    await send({ interaction_id: id, code, note: noteField()?.value ?? "", ready_after: readyAfter });
    forget(id);
    toast(word("saved"));
  } catch (error) {
    say(error instanceof Problem ? error.message : word("failed"));
  } finally {
    saving = false;
  }
}

/** Save a wrap-up whose time ran out. */
export async function saveLater(form: HTMLFormElement): Promise<void> {
  const code = form.querySelector<HTMLElement>('[aria-checked="true"]')?.dataset["code"] ?? "";
  const note = form.querySelector("textarea")?.value ?? "";
  if (!code) {
    toast(word("choose_disposition"));
    return;
  }
  try {
    await send({ interaction_id: form.dataset["later"] ?? "", code, note, ready_after: true });
    toast(word("saved"));
    closeSheet();
  } catch (error) {
    toast(error instanceof Problem ? error.message : word("failed"));
  }
}

/** Put the end of the wrap-up off; the new work area comes by the stream. */
export async function extendWrapUp(): Promise<void> {
  try {
    setFacts(await post<AgentFacts>("/api/wrap-up/extend", { interaction_id: interaction() }));
  } catch (error) {
    say(error instanceof Problem ? error.message : word("failed"));
  }
}

async function send(wrapUp: WrapUp): Promise<void> {
  for (let attempt = 1; ; ) {
    try {
      setFacts(await post<AgentFacts>("/api/disposition", wrapUp));
      return;
    } catch (error) {
      if (!(error instanceof Problem) || !error.retryable || attempt >= tries) throw error;
      const away = error.code === "offline"; // for as long as it takes: nothing was refused
      say(word(away ? "saving_offline" : "saving_again"));
      if (!away) attempt += 1;
      await new Promise((resolve) => window.setTimeout(resolve, pauseMs));
    }
  }
}

function say(text: string): void {
  const line = byId("save-words");
  if (line) {
    line.textContent = text;
    line.classList.add("controls__middle--strong");
  } else toast(text);
}
