// The supervisors' page of hours: fields appear with the choice that needs them, and three keys do what matters.
import "./common";
import { all, byId } from "./page";
import { followPromises } from "./promises";

/** Show the fields of the choices that are made; a hidden one is not sent and not asked for. */
function showFields(): void {
  for (const field of all<HTMLElement>("[data-with]")) {
    const [name, value] = (field.dataset["with"] ?? "").split("=");
    field.hidden = document.querySelector<HTMLInputElement>(`input[name="${name}"]:checked`)?.value !== value;
    for (const input of all<HTMLInputElement>("input, textarea", field)) input.disabled = field.hidden;
  }
}

function typing(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLTextAreaElement || (target instanceof HTMLInputElement && target.type !== "radio" && target.type !== "file")
  );
}

const keys: Readonly<Record<string, () => void>> = {
  c: () => document.querySelector<HTMLElement>('#close input[name="schedule"]:checked')?.focus(),
  r: () => document.querySelector<HTMLElement>('[data-do="reopen"]')?.focus(),
  u: () => document.querySelector<HTMLElement>('[data-do="undo"]')?.focus(),
};

document.addEventListener("keydown", (event) => {
  const act = keys[event.key.toLowerCase()];
  if (!act || event.ctrlKey || event.altKey || event.metaKey || typing(event.target)) return;
  act();
  event.preventDefault();
});
byId("close")?.addEventListener("change", showFields);
showFields();
followPromises();
