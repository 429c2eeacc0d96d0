// The work area: replaced in place by what the server sends, without losing focus, typed words or opened papers.
import morphdom from "morphdom";
import { tick } from "./clock";
import { byId } from "./page";

const kept = new Map<string, string>(); // tab chosen by hand, by the interaction it was chosen in

/** Put new content into `root`; what the reader is doing in it stays. */
export function replace(root: HTMLElement, html: string): void {
  const next = root.cloneNode(false) as HTMLElement;
  next.innerHTML = html;
  morphdom(root, next, {
    childrenOnly: true,
    onBeforeElUpdated(from, to) {
      if (from.isEqualNode(to) || "kept" in from.dataset) return false; // what is kept, the page itself fills
      if (from instanceof HTMLTextAreaElement && to instanceof HTMLTextAreaElement) {
        to.value = from.value; // what is typed is newer than what the server has
        to.textContent = from.value;
      }
      const typed = from instanceof HTMLInputElement && to instanceof HTMLInputElement && from.id === to.id;
      if (typed && (from.type === "datetime-local" || "typed" in from.dataset)) to.value = from.value;
      if (from instanceof HTMLDetailsElement && to instanceof HTMLDetailsElement) to.open = from.open;
      return true;
    },
  });
  applyChosenTabs();
  tick();
}

/** Show the tab `name` of this list of tabs. */
export function chooseTab(list: HTMLElement, name: string): void {
  kept.set(list.dataset["tabs"] ?? "", name);
  showTab(list, name);
}

function applyChosenTabs(): void {
  const list = document.querySelector<HTMLElement>("#work [data-tabs]");
  const name = list ? kept.get(list.dataset["tabs"] ?? "") : undefined;
  if (list && name) showTab(list, name);
}

function showTab(list: HTMLElement, name: string): void {
  const key = list.dataset["tabs"] ?? "";
  for (const tab of list.querySelectorAll<HTMLElement>("[data-tab]")) {
    const chosen = tab.dataset["tab"] === name;
    tab.setAttribute("aria-selected", String(chosen));
    tab.tabIndex = chosen ? 0 : -1;
    const panel = byId(`papers-${tab.dataset["tab"] ?? ""}-${key}`);
    if (panel) panel.hidden = !chosen;
  }
}
