// The page of one ticket.
import "./common";
import { setUpListKeys } from "./list_keys";
import { byId } from "./page";
import { callNumbers } from "./dial_page";
import { followPromises } from "./promises";

const note = byId<HTMLTextAreaElement>("note");
setUpListKeys("", {
  n: () => note?.focus(),
  h: () => byId("hand-over")?.focus(),
  escape: () => byId("back")?.click(),
});
note?.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    note.form?.requestSubmit(); // its first button adds the note
  } else if (event.key === "Escape") note.blur();
});
callNumbers();
followPromises();
