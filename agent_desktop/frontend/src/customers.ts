// Looking for a customer: the list follows what is typed; the arrow keys go through it. And the list of those on record twice.
import "./common";
import { getHtml } from "./api";
import { followMerges } from "./customer_merge";
import { all, byId, typing } from "./page";
import { callNumbers } from "./dial_page";
import { followPromises } from "./promises";
import { word } from "./words";

const searchAfterMs = 120;
const field = byId<HTMLInputElement>("typed");
const list = byId("found");
const said = byId("said");
let timer = 0;

async function search(text: string): Promise<void> {
  const address = `?q=${encodeURIComponent(text)}`;
  const html = await getHtml(`/customers/found${address}`).catch(() => null);
  if (html === null || field?.value !== text || !list) return; // a newer search took its place, or the network is away
  list.innerHTML = html;
  history.replaceState(null, "", text ? address : window.location.pathname);
  if (said) said.textContent = word("customer_found", { count: String(all(".customer-hit", list).length) });
}

field?.addEventListener("input", () => {
  window.clearTimeout(timer);
  timer = window.setTimeout(() => void search(field.value), searchAfterMs);
});
field?.form?.addEventListener("submit", (event) => {
  event.preventDefault();
  document.querySelector<HTMLElement>("#found .customer-hit")?.click();
});
document.addEventListener("keydown", (event) => {
  const control = event.ctrlKey || event.metaKey;
  const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
  if (field && ((control && event.key.toLowerCase() === "k") || (event.key === "/" && !typing(event.target)))) {
    field.focus();
    field.select();
  } else if (field && step) {
    const stops: HTMLElement[] = [field, ...all(".customer-hit")];
    const at = stops.findIndex((stop) => stop === document.activeElement);
    stops[Math.min(Math.max(at + step, 0), stops.length - 1)]?.focus();
  } else return;
  event.preventDefault();
});
followMerges(() => window.location.reload());
callNumbers();
followPromises();
