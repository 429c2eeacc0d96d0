// What is wrong with the text: its list, its count, the marks at its lines, and going from one to the next.
import type { TextEditor, Problem } from "./text_editor";
import { byId } from "./page";
import { toast } from "./toast";
import { word } from "./words";

/** What a check found in a text. */
export interface Findings {
  problems: Problem[];
  serious: number;
  warnings: number;
}

export class Problems {
  private found: Problem[] = [];
  private serious = 0;
  private warnings = 0;

  constructor(private readonly text: TextEditor) {}

  /** What the server found in the text: in the list, at the lines, counted. */
  show(answer: Findings): void {
    this.found = answer.problems;
    [this.serious, this.warnings] = [answer.serious, answer.warnings];
    this.text.mark(this.found);
    byId("problems")?.replaceChildren(...this.found.map(problemLine));
    const count = byId("count");
    const words = this.countWords();
    if (count && count.textContent !== words) count.textContent = words; // read out only when it is another
    document.body.dataset["serious"] = String(this.serious);
    document.body.dataset["warnings"] = String(this.warnings);
  }

  /** How many faults there are, in words; empty when there is none. */
  faultWords(): string {
    return this.serious ? word(this.serious === 1 ? "edit_fault" : "edit_faults", { count: String(this.serious) }) : "";
  }

  /** How many hints there are, in words; empty when there is none. */
  hintWords(): string {
    return this.warnings ? word(this.warnings === 1 ? "edit_warning" : "edit_warnings", { count: String(this.warnings) }) : "";
  }

  /** Go to the next problem from the cursor on, round the end; `by` -1: the one before. */
  next(by: 1 | -1): void {
    const lines = [...new Set(this.found.map((problem) => problem.line))].sort((one, other) => one - other);
    const here = this.text.cursorLine;
    const next = by === 1 ? (lines.find((line) => line > here) ?? lines[0]) : (lines.filter((line) => line < here).pop() ?? lines.at(-1));
    if (next === undefined) {
      toast(word("edit_nothing_wrong"));
      return;
    }
    this.text.goTo(next);
    const found = this.found.find((problem) => problem.line === next);
    const count = byId("count");
    if (found && count) count.textContent = `${word("edit_line", { line: String(next) })}: ${found.what} ${found.step}`;
  }

  private countWords(): string {
    return [this.faultWords(), this.hintWords()].filter(Boolean).join(", ") || word("edit_nothing_wrong");
  }
}

function problemLine(problem: Problem): HTMLElement {
  const item = document.createElement("li");
  item.className = problem.serious ? "problem" : "problem problem--warning";
  const button = document.createElement("button");
  button.type = "button";
  button.className = "problem__go";
  button.dataset["line"] = String(problem.line);
  const kind = document.createElement("span");
  kind.className = "problem__kind";
  kind.textContent = word(problem.serious ? "edit_kind_fault" : "edit_kind_warning");
  const line = document.createElement("b");
  line.className = "num";
  line.textContent = word("edit_line", { line: String(problem.line) });
  const what = document.createElement("span");
  what.textContent = problem.what;
  const step = document.createElement("span");
  step.className = "problem__step";
  step.textContent = problem.step;
  button.append(kind, line, what, step);
  item.append(button);
  return item;
}
