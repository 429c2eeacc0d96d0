// Versions of a text: what differs between two, and the list of them.
import { getHtml, Problem } from "./api";
import { all, byId } from "./page";
import { word } from "./words";

/** Show what makes one text of the other in the element with this id. `api` is where the text is kept. */
export async function showDifference(api: string, id: string, before: string, after: string): Promise<void> {
  const box = byId(id);
  if (!box) return;
  box.textContent = word("searching");
  try {
    box.innerHTML = await getHtml(`${api}/difference?before=${before}&after=${after}`);
  } catch (error) {
    box.textContent = error instanceof Problem ? error.message : word("failed");
  }
}

/** Open the dialog that shows what differs; `first` is waited for before. */
export async function openDifference(api: string, before: string, after: string, words: string, first?: Promise<unknown>): Promise<void> {
  const dialog = byId<HTMLDialogElement>("compare");
  const label = byId("compare-label");
  if (!dialog || !label || dialog.open) return;
  label.textContent = words;
  dialog.showModal();
  await first;
  await showDifference(api, "compare-difference", before, after);
}

/** Bring the list of versions up to date. */
export async function refreshVersions(api: string): Promise<void> {
  const list = byId("versions-list");
  const html = await getHtml(`${api}/versions`).catch(() => "");
  if (list && html) list.innerHTML = html;
}

/** The two texts chosen for comparison. */
export function chosenTexts(form: HTMLFormElement): { before: string; after: string; words: string } {
  const [before, after] = all<HTMLSelectElement>("select", form);
  const words = [before, after].map((one) => one?.selectedOptions[0]?.textContent ?? "").join(" → ");
  return { before: before?.value ?? "", after: after?.value ?? "", words };
}

/** Say what went wrong in a dialog, "" for nothing. */
export function tell(id: string, words: string): void {
  const box = byId(id);
  if (!box) return;
  box.textContent = words;
  box.hidden = !words;
}
