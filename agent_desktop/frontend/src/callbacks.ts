// The page of promised calls: the list follows what happens, and keys do everything.
import "./common";
import { getHtml } from "./api";
import { above, all, byId } from "./page";
import { callNumbers } from "./dial_page";
import { followPromises } from "./promises";
import { replace } from "./work_area";

const list = byId("promises");
let asking = false;
let again = false;

/** Bring the list up to date; what was asked for meanwhile is asked for once more. */
async function refresh(): Promise<void> {
  if (asking) {
    again = true;
    return;
  }
  asking = true;
  const html = await getHtml("/callbacks/list").catch(() => null);
  if (list && html !== null) replace(list, html);
  asking = false;
  if (again) {
    again = false;
    void refresh();
  }
}

function promises(): HTMLElement[] {
  return all<HTMLElement>(".promise");
}

/** The promise in which the focus is, else the first. */
function current(): HTMLElement | null {
  return above(document.activeElement, ".promise") ?? promises()[0] ?? null;
}

function move(by: number): void {
  const every = promises();
  const here = above(document.activeElement, ".promise");
  const at = here ? every.indexOf(here) + by : 0;
  const next = every[Math.max(0, Math.min(every.length - 1, at))];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
}

function play(): void {
  const sound = current()?.querySelector("audio");
  if (!sound) return;
  for (const other of all<HTMLAudioElement>("audio")) if (other !== sound) other.pause();
  if (sound.paused) void sound.play();
  else sound.pause();
}

function press(step: string): void {
  current()?.querySelector<HTMLButtonElement>(`[data-step="${step}"]`)?.click();
}

const keys: Readonly<Record<string, () => void>> = {
  j: () => move(1),
  k: () => move(-1),
  p: play,
  t: () => press("take"),
  d: () => press("done"),
};

document.addEventListener("keydown", (event) => {
  const act = keys[event.key.toLowerCase()];
  if (!act || event.ctrlKey || event.altKey || event.metaKey) return;
  act();
  event.preventDefault();
});
callNumbers();
followPromises(() => void refresh());
