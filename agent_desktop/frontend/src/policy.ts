// The page of the policy: E edits, Ctrl+K does everything by name; another version that comes into force is told.
import "./common";
import { Versions } from "./bring_back";
import { byId } from "./page";
import { openPalette, usePalette, type Command } from "./palette";
import { followPromises } from "./promises";
import "./sheet";
import { Stream } from "./stream";
import { nextTheme } from "./theme";
import { above, all } from "./page";
import { word } from "./words";

interface Pushed {
  number: number;
  by: string;
  note: string;
}

const facts = document.body.dataset;
let inForce = Number(facts["inForce"]);
const edit = byId<HTMLAnchorElement>("edit");
const versions = new Versions(
  "/api/policy",
  () => inForce,
  () => window.location.assign("/policy"),
);

function toVersions(): void {
  byId("versions")?.scrollIntoView({ block: "start" });
  byId("versions")?.focus();
}

function pushed({ number, by, note }: Pushed): void {
  if (number === inForce) return;
  inForce = number;
  const news = byId("news");
  const words = news?.querySelector("span");
  if (news && words) {
    words.textContent = word("policy_came_in_force", { number: String(number), by, note });
    news.hidden = false;
  }
  void versions.refresh();
}

usePalette((): Command[] => {
  const found: Command[] = edit ? [{ label: word("policy_edit"), key: "E", run: () => edit.click() }] : [];
  found.push({ label: word("policy_versions"), key: "", run: toVersions });
  for (const card of all(".queue")) {
    const name = card.querySelector("h3")?.textContent ?? "";
    found.push({ label: word("policy_to_queue", { name }), key: "", run: () => card.scrollIntoView({ block: "start" }) });
  }
  return [...found, { label: word("do_theme"), key: "", run: nextTheme }];
}, null);

document.addEventListener("click", (event) => {
  if (above(event.target, "[data-do=versions]")) toVersions();
});
document.addEventListener("keydown", (event) => {
  const letter = event.key.toLowerCase();
  const plain = !event.ctrlKey && !event.altKey && !event.metaKey;
  const inDialog = document.querySelector("dialog[open]") !== null;
  if (letter === "k" && (event.ctrlKey || event.metaKey)) openPalette();
  else if (letter === "e" && plain && edit && !inDialog) edit.click();
  else return;
  event.preventDefault();
});
new Stream(() => "/events/policy", {
  on: { policy: pushed, over: () => window.location.reload(), unavailable: () => undefined },
  connected: (yes) => {
    document.body.dataset["stream"] = yes ? "on" : "off";
  },
});
followPromises();
