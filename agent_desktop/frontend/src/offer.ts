// The offer beside the call: the problem is solved, and what the customer said.
import { interaction } from "./agent_state";
import { post, Problem } from "./api";
import { keep } from "./notes";
import { all } from "./page";
import type { Command } from "./palette";
import { toast } from "./toast";
import { word } from "./words";

const keys: Readonly<Record<string, string>> = {
  KeyY: '[data-offered="accepted"]',
  KeyX: '[data-offered="declined"]',
  KeyL: '[data-offered="not_now"]',
  KeyS: "[data-solved]",
};

async function send(path: string, body: object, show: (html: string) => void): Promise<void> {
  try {
    await keep(); // the work area that comes back holds the note as it is kept
    const { html } = await post<{ html: string }>(path, { interaction_id: interaction(), ...body });
    show(html);
  } catch (error) {
    toast(error instanceof Problem ? error.message : word("failed"));
  }
}

/** Say what the customer said to the offer; `show` puts the new work area in its place. */
export function answerOffer(answer: string, show: (html: string) => void): void {
  void send("/api/offer", { answer }, show);
}

/** Say that the caller's problem is solved, or that it is not after all. */
export function saySolved(solved: boolean, show: (html: string) => void): void {
  void send("/api/solved", { solved }, show);
}

/** Whether Alt and this key mean something of the offer as it is shown; then it is done. */
export function offerKey(code: string): boolean {
  const button = document.querySelector<HTMLElement>(`#offer ${keys[code] ?? "[data-none]"}`);
  button?.click();
  return button !== null;
}

/** What can be said to the offer now, for the palette. */
export function offerCommands(): Command[] {
  return all("#offer [data-offered], #offer [data-solved]").map((button) => {
    const key = button.querySelector("kbd")?.textContent ?? "";
    const label = button.textContent.trim().slice(0, -key.length || undefined).trim();
    return { label: word("do_offer", { what: label }), key, run: () => button.click() };
  });
}
