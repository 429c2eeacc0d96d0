// The pages of scripts: a new one is begun (N), one is edited (E), a trial is ended; Ctrl+K does everything by name.
import "./common";
import { post, Problem } from "./api";
import { above, byId, typing } from "./page";
import { openPalette, usePalette, type Command } from "./palette";
import { followPromises } from "./promises";
import "./sheet";
import { tell } from "./text_versions";
import { nextTheme } from "./theme";
import { word } from "./words";

const edit = byId<HTMLAnchorElement>("edit");
const dialog = byId<HTMLDialogElement>("new-script");

function askNew(): void {
  if (!dialog || dialog.open) return;
  tell("new-script-problem", "");
  dialog.showModal();
  dialog.querySelector("input")?.focus();
}

async function begin(form: HTMLFormElement): Promise<void> {
  const fields = new FormData(form);
  try {
    const body = { name: String(fields.get("name") ?? "").trim(), from: String(fields.get("from") ?? "") };
    const { address } = await post<{ address: string }>("/api/scripts", body);
    window.location.assign(address);
  } catch (error) {
    tell("new-script-problem", error instanceof Problem ? error.message : word("failed"));
  }
}

/** One of two versions is for all calls from now on. */
async function choose(button: HTMLButtonElement): Promise<void> {
  button.disabled = true;
  try {
    await post(`/api/scripts/${document.body.dataset["script"] ?? ""}/choose`, { number: Number(button.dataset["choose"]) });
    window.location.reload();
  } catch (error) {
    tell("choose-problem", error instanceof Problem ? error.message : word("failed"));
    button.disabled = false;
  }
}

usePalette((): Command[] => {
  const found: Command[] = [];
  if (dialog) found.push({ label: word("script_new"), key: "N", run: askNew });
  if (edit) found.push({ label: word("script_edit"), key: "E", run: () => edit.click() });
  return [...found, { label: word("do_theme"), key: "", run: nextTheme }];
}, null);

document.addEventListener("click", (event) => {
  if (above(event.target, '[data-do="new-script"]')) askNew();
  const button = above(event.target, "[data-choose]");
  if (button instanceof HTMLButtonElement) void choose(button);
});
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || form.id !== "new-script-form") return;
  event.preventDefault();
  void begin(form);
});
document.addEventListener("keydown", (event) => {
  const letter = event.key.toLowerCase();
  const plain = !event.ctrlKey && !event.altKey && !event.metaKey && !typing(event.target) && !document.querySelector("dialog[open]");
  if (letter === "k" && (event.ctrlKey || event.metaKey)) openPalette();
  else if (letter === "e" && plain && edit) edit.click();
  else if (letter === "n" && plain && dialog) askNew();
  else return;
  event.preventDefault();
});
followPromises();
