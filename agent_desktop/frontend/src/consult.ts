// While somebody is asked about the call: swap, all three, hand over, back. Each is a button of the controls, and a key.
import { all } from "./page";

export type ConsultStep = "swap" | "merge" | "complete" | "drop";

/** Whether somebody is asked now, or called to be asked. */
export const asks = (): boolean => document.querySelector("#work [data-consult]") !== null;

/** Click the button for this step. False when there is none now. */
export function consultStep(step: ConsultStep): boolean {
  const button = all(`#work [data-consult="${step}"]`)[0];
  button?.click();
  return button !== undefined;
}
