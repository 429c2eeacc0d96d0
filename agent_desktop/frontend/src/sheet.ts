// Dialogs: the keyboard map, a customer looked up, an unfinished wrap-up.
import { getHtml, Problem } from "./api";
import { above, byId } from "./page";
import { toast } from "./toast";
import { word } from "./words";

/** Open the dialog with what the server makes for `path`. */
export async function openSheet(path: string): Promise<void> {
  const sheet = byId<HTMLDialogElement>("sheet");
  const content = byId("sheet-content");
  if (!sheet || !content) return;
  try {
    content.innerHTML = await getHtml(path);
    if (!sheet.open) sheet.showModal();
  } catch (error) {
    toast(error instanceof Problem ? error.message : word("failed"));
  }
}

/** Close whichever dialog is open. */
export function closeSheet(): void {
  document.querySelector<HTMLDialogElement>("dialog[open]")?.close();
}

/** Open the keyboard map. */
export function openKeymap(): void {
  const map = byId<HTMLDialogElement>("keymap");
  if (map && !map.open) map.showModal();
}

document.addEventListener("click", (event) => {
  if (above(event.target, '[data-do="close"]')) closeSheet();
  if (event.target instanceof HTMLDialogElement) event.target.close(); // a click beside the box
});
