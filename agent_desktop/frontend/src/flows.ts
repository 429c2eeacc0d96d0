// The page of flows: E edits, Ctrl+K does everything by name.
import "./common";
import { byId } from "./page";
import { openPalette, usePalette, type Command } from "./palette";
import { followPromises } from "./promises";
import { nextTheme } from "./theme";
import { word } from "./words";

const edit = byId<HTMLAnchorElement>("edit");

usePalette((): Command[] => {
  const found: Command[] = edit ? [{ label: word("edit_edit"), key: "E", run: () => edit.click() }] : [];
  return [...found, { label: word("do_theme"), key: "", run: nextTheme }];
}, null);

document.addEventListener("keydown", (event) => {
  const letter = event.key.toLowerCase();
  const plain = !event.ctrlKey && !event.altKey && !event.metaKey;
  if (letter === "k" && (event.ctrlKey || event.metaKey)) openPalette();
  else if (letter === "e" && plain && edit && document.querySelector("dialog[open]") === null) edit.click();
  else return;
  event.preventDefault();
});
followPromises();
