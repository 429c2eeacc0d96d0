// Articles on pages of their own: the list, one to read, and the form in which they are written.
import "./common";
import { post } from "./api";
import { tellMissed } from "./help_search";
import { setUpListKeys } from "./list_keys";
import { byId } from "./page";
import { followPromises } from "./promises";

const previewAfterMs = 300;
const body = byId<HTMLTextAreaElement>("article-body");
const form = byId<HTMLFormElement>("article-form");
const preview = byId("preview");
let timer = 0;
let asked = 0;

async function drawPreview(text: string): Promise<void> {
  const number = (asked += 1);
  const answer = await post<{ html: string }>("/api/knowledge/preview", { text }).catch(() => null);
  if (preview && answer && number === asked) preview.innerHTML = answer.html; // made and escaped by the server
}

body?.addEventListener("input", () => {
  window.clearTimeout(timer);
  timer = window.setTimeout(() => void drawPreview(body.value), previewAfterMs);
});
form?.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  form.requestSubmit(form.querySelector<HTMLButtonElement>('[value="publish"]'));
});
const missed = document.body.dataset["missed"];
if (missed) tellMissed(missed);
if (!form) setUpListKeys("#found > li");
followPromises();
