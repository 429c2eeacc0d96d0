// Short words at the edge of the page that go away by themselves.
import { byId } from "./page";

const shownMs = 5000;
const shownToActMs = 15_000;

/** Say something for five seconds; `action` adds a button to it, and the time to reach it. Words alone stand there once, however often they are said. */
export function toast(text: string, action?: { label: string; run: () => void }): void {
  const box = byId("toasts");
  if (!box) return;
  const item = document.createElement("p");
  item.className = "toast";
  item.textContent = text;
  if (action) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "link";
    button.textContent = action.label;
    button.addEventListener("click", () => {
      item.remove();
      action.run();
    });
    item.append(" ", button);
  }
  const same = action ? [] : [...box.children].filter((one) => one.textContent === text); // each action is of its own deed
  for (const one of same) one.remove();
  box.append(item);
  while (box.children.length > 3) box.firstElementChild?.remove();
  window.setTimeout(() => item.remove(), action ? shownToActMs : shownMs);
}
