// The keys and clicks of every page on which a published text is edited: flows, scripts, the policy, the rules of rosters.
import { askDrop, inDialog, toVersions } from "./editing";
import { above, byId, typing } from "./page";
import { openPalette, usePalette, type Command } from "./palette";
import type { Problems } from "./problem_list";
import { openKeymap } from "./sheet";
import type { TextEditor } from "./text_editor";
import { nextTheme } from "./theme";
import { word } from "./words";

export interface TextPage {
  text: TextEditor;
  problems: Problems;
  /** Ctrl+S: have it checked, and kept, now. */
  check: () => unknown;
  publish: () => unknown;
  /** Throw the changes away, once that was asked. */
  drop: () => unknown;
  /** F6: between the text, which is left for the element `home`, and what stands beside it in the element `side`. */
  home: string;
  side: string;
  /** Keys of this page alone. */
  keys?: Readonly<Record<string, () => void>>;
  /** Whatever else a key may mean here; true when it meant something. */
  otherKey?: (event: KeyboardEvent) => boolean;
  commands: () => Command[];
  /** Places in the text, to go to by name. */
  places?: () => Command[];
}

/** Bring the page's keys, buttons and commands to life. */
export function setUpTextPage(page: TextPage): void {
  const { text, problems } = page;
  usePalette(() => [...page.commands(), ...commonCommands(problems), ...(page.places?.() ?? [])], null);
  const acts: Readonly<Record<string, () => unknown>> = { publish: page.publish, versions: toVersions, drop: askDrop };
  document.addEventListener("click", (event) => {
    acts[above(event.target, "[data-do]")?.dataset["do"] ?? ""]?.();
    const problem = above(event.target, ".problem__go");
    if (problem) text.goTo(Number(problem.dataset["line"]));
  });
  byId("drop-now")?.addEventListener("click", () => {
    byId<HTMLDialogElement>("drop")?.close();
    page.drop();
  });
  const otherSide = (): void => {
    if (text.focused || !above(document.activeElement, page.side)) byId(page.home)?.focus();
    else text.focus();
  };
  const keys: Readonly<Record<string, (event: KeyboardEvent) => void>> = {
    F1: openKeymap,
    F6: otherSide,
    F8: (event) => problems.next(event.shiftKey ? -1 : 1),
    ...page.keys,
  };
  // In the capture phase: these keys are the page's, in the text too.
  document.addEventListener(
    "keydown",
    (event) => {
      const control = event.ctrlKey || event.metaKey;
      const plain = !control && !event.altKey;
      if (control && event.key.toLowerCase() === "s") page.check();
      else if (inDialog()) return;
      else if (control && event.key.toLowerCase() === "k") openPalette();
      else if (control && event.key === "Enter") page.publish();
      else if (page.otherKey?.(event)) byId(page.home)?.focus({ preventScroll: true });
      else if (plain && keys[event.key]) keys[event.key]?.(event);
      else if (event.key === "?" && plain && !typing(event.target)) openKeymap();
      else return;
      event.preventDefault();
      event.stopPropagation();
    },
    true,
  );
}

function commonCommands(problems: Problems): Command[] {
  return [
    { label: word("edit_next_problem"), key: "F8", run: () => problems.next(1) },
    { label: word("edit_drop"), key: "", run: askDrop },
    { label: word("do_keymap"), key: "F1", run: openKeymap },
    { label: word("do_theme"), key: "", run: nextTheme },
  ];
}
