// Numbers on pages beside the page of calls: Alt+C, or a click, calls them; the phone on the page of calls rings.
import { dialHere, setUpDial } from "./dial";

/** Let this page's numbers be called. */
export function callNumbers(): void {
  setUpDial();
  document.addEventListener("keydown", (event) => {
    if (!event.altKey || event.ctrlKey || event.metaKey || event.code !== "KeyC") return;
    event.preventDefault();
    dialHere();
  });
}
