// How many promised calls are open: the number in the rail, pushed.
import { byId } from "./page";
import { Stream } from "./stream";

/** Show the number; 0 shows nothing. */
export function showPromises(open: number): void {
  const badge = byId("promises-open");
  const number = badge?.querySelector("span");
  if (!badge || !number) return;
  badge.dataset["open"] = String(open);
  number.textContent = open > 99 ? "99+" : String(open);
}

/** Keep the number true on a page that is not pushed to by itself; `changed` runs at each change, and after a break. */
export function followPromises(changed: () => void = () => undefined): void {
  if (!byId("promises-open")) return;
  new Stream(() => "/callbacks/events", {
    on: {
      promises: (message: { open: number }) => {
        showPromises(message.open);
        changed();
      },
      over: () => window.location.reload(),
      unavailable: () => undefined,
    },
    connected: () => undefined,
  });
}
