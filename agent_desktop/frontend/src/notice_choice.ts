// A question to the person who edits, in a notice above the text, with a button for each answer.
import { byId } from "./page";

export interface Choice {
  label: string;
  act: () => void;
  /** Says which answer it is, in the button's data-overtaken. */
  name?: string;
}

/** Show the notice `id` with the question and its answers. It stays until it is settled. */
export function ask(id: string, what: string, choices: readonly Choice[]): void {
  const box = byId(id);
  if (!box) return;
  const words = document.createElement("p");
  words.textContent = what;
  const acts = document.createElement("p");
  acts.className = "notice__acts";
  acts.append(...choices.map(choiceButton));
  box.replaceChildren(words, acts);
  box.hidden = false;
}

/** The question is answered, or no longer one. */
export function settle(id: string): void {
  const box = byId(id);
  if (box) box.hidden = true;
}

/** Ask which of two texts to go on with; either answer settles it. */
export function askWhichText(what: string, one: Choice, other: Choice): void {
  const settling = ({ label, act }: Choice): Choice => ({
    label,
    act: () => {
      settle("choose");
      act();
    },
  });
  ask("choose", what, [settling(one), settling(other)]);
}

function choiceButton({ label, act, name }: Choice): HTMLButtonElement {
  const button = Object.assign(document.createElement("button"), { type: "button", className: "button", textContent: label });
  if (name) button.dataset["overtaken"] = name;
  button.addEventListener("click", act);
  return button;
}
