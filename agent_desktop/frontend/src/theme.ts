// Light, dark, or as the system has it; kept in the account.
import { post } from "./api";
import { above } from "./page";
import { toast } from "./toast";
import { word } from "./words";

const order = ["", "light", "dark"] as const;
const names = { "": "theme_system", light: "theme_light", dark: "theme_dark" } as const;

/** Go to the next theme. */
export function nextTheme(): void {
  const root = document.documentElement;
  const now = (root.dataset["theme"] ?? "") as (typeof order)[number];
  const next = order[(order.indexOf(now) + 1) % order.length] ?? "";
  if (next) root.dataset["theme"] = next;
  else delete root.dataset["theme"];
  toast(word(names[next]));
  void post("/api/theme", { theme: next }).catch(() => undefined);
}

document.addEventListener("click", (event) => {
  if (above(event.target, '[data-do="theme"]')) nextTheme();
});
