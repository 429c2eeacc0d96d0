// Searching articles while they type; what is searched for in vain is told once they have stopped, and who was helped.
import { interaction } from "./agent_state";
import { getHtml, post, Problem } from "./api";
import { above, byId } from "./page";
import { toast } from "./toast";
import { word } from "./words";

const searchAfterMs = 150;
const restMs = 1500;

/** Tell that nobody finds this. */
export function tellMissed(text: string): void {
  void post("/api/knowledge/missed", { text }).catch(() => undefined);
}

/** Let `field` search into `found`; without words it shows what fits the call. */
export function setUpSearch(field: HTMLInputElement, found: HTMLElement, call: string): void {
  let timer = 0;
  let rest = 0;
  let asked = 0;
  async function search(): Promise<void> {
    const text = field.value.trim();
    const number = (asked += 1);
    try {
      const html = await getHtml(`/api/knowledge/search?q=${encodeURIComponent(text)}&interaction=${call}`);
      if (number !== asked) return;
      found.innerHTML = html;
    } catch {
      return; // the network is away: the next letter searches again
    }
    const list = byId("found");
    const inVain = list?.dataset["found"] === "0" || list?.dataset["loose"] === "yes";
    if (text && inVain) rest = window.setTimeout(() => tellMissed(text), restMs);
  }
  field.addEventListener("input", () => {
    window.clearTimeout(timer);
    window.clearTimeout(rest);
    timer = window.setTimeout(() => void search(), searchAfterMs);
  });
  field.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "Enter") {
      found.querySelector<HTMLElement>("[data-article]")?.[event.key === "Enter" ? "click" : "focus"]();
      event.preventDefault();
    }
  });
  found.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    const every = [...found.querySelectorAll<HTMLElement>("[data-article]")];
    const next = every.indexOf(document.activeElement as HTMLElement) + (event.key === "ArrowDown" ? 1 : -1);
    (every[next] ?? field).focus();
    event.preventDefault();
  });
}

async function tellHelped(button: HTMLButtonElement): Promise<void> {
  try {
    await post(`/api/knowledge/${button.dataset["helped"] ?? ""}/helped`, { interaction_id: interaction() });
    button.disabled = true;
    toast(word("helped_thanks"));
  } catch (error) {
    toast(error instanceof Problem ? error.message : word("failed"));
  }
}

document.addEventListener("click", (event) => {
  const button = above(event.target, "[data-helped]");
  if (button instanceof HTMLButtonElement) void tellHelped(button);
});
