// Running times: every element with data-since counts up, with data-deadline or data-until down, by the server's clock; with
// data-gone-at it is there until then.
import { all } from "./page";

let skewMs = 0;

/** Take over the server's clock from an ISO moment it just sent. */
export function setServerTime(iso: string): void {
  const server = Date.parse(iso);
  if (Number.isFinite(server)) skewMs = server - Date.now();
}

/** Milliseconds since 1970 by the server's clock. */
export function serverNow(): number {
  return Date.now() + skewMs;
}

/** 2:41, or 1:02:41. */
export function clockText(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (value: number): string => String(value).padStart(2, "0");
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  return hours ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

function put(element: HTMLElement, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

/** Write every running time as of now. */
export function tick(): void {
  const now = serverNow();
  for (const element of all("[data-since]")) {
    const since = Date.parse(element.dataset["since"] ?? "");
    if (Number.isFinite(since)) put(element, clockText((now - since) / 1000));
  }
  for (const element of all("[data-deadline]")) {
    const left = (Date.parse(element.dataset["deadline"] ?? "") - now) / 1000;
    if (!Number.isFinite(left)) continue;
    put(element, clockText(Math.ceil(left)));
    element.classList.toggle("countdown--short", left <= 15);
  }
  for (const element of all("[data-until]")) {
    const left = (Date.parse(element.dataset["until"] ?? "") - now) / 1000;
    if (Number.isFinite(left)) put(element, left > 0 ? `≈ ${clockText(Math.ceil(left))}` : "≈ 0:00");
  }
  for (const element of all("[data-gone-at]")) element.hidden = now >= Date.parse(element.dataset["goneAt"] ?? "");
  for (const element of all("[data-late-since]")) {
    const waited = (now - Date.parse(element.dataset["lateSince"] ?? "")) / 1000;
    const limit = Number(element.dataset["lateAfter"]);
    element.classList.toggle("level--near", waited > limit / 2 && waited <= limit);
    element.classList.toggle("level--bad", waited > limit);
  }
  for (const element of all("[data-clock]")) {
    // The center's own time, like every other time on the page; 24 hours, as on its roster.
    const { dataset } = document.documentElement;
    put(element, new Date(now).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: dataset["zone"] }));
  }
}

/** Keep them running. */
export function startClock(): void {
  tick();
  window.setInterval(tick, 250);
}
