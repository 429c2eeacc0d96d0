// A YAML text in an editor: with colours, problems marked at their lines. Tab indents, Esc and then Tab leaves.
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { yaml } from "@codemirror/lang-yaml";
import { bracketMatching, HighlightStyle, indentOnInput, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { lintGutter, setDiagnostics, type Diagnostic } from "@codemirror/lint";
import { search, searchKeymap } from "@codemirror/search";
import { EditorState } from "@codemirror/state";
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  highlightSpecialChars,
  keymap,
  lineNumbers,
} from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { word } from "./words";

/** Something wrong at a line, from 1. */
export interface Problem {
  line: number;
  what: string;
  step: string;
  serious: boolean;
}

/** What happens in the text. */
export interface TextNews {
  changed: () => void;
  moved: (line: number) => void;
}

const colours = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: "var(--code-name)" },
  { tag: [tags.string, tags.content], color: "var(--ink)" },
  { tag: [tags.number, tags.bool, tags.null], color: "var(--code-number)" },
  { tag: [tags.comment, tags.lineComment], color: "var(--ink-faint)", fontStyle: "italic" },
  { tag: [tags.punctuation, tags.separator, tags.squareBracket, tags.brace], color: "var(--ink-soft)" },
]);

/** The editor's own words, in the reader's language. */
function phrases(): Record<string, string> {
  return {
    Find: word("edit_find"),
    Replace: word("edit_replace_by"),
    next: word("edit_next"),
    previous: word("edit_previous"),
    all: word("edit_all"),
    "match case": word("edit_match_case"),
    regexp: word("edit_regexp"),
    "by word": word("edit_by_word"),
    replace: word("edit_replace"),
    "replace all": word("edit_replace_all"),
    close: word("edit_close"),
    "current match": word("edit_current_match"),
    "on line": word("edit_on_line"),
    "replaced $ matches": word("edit_replaced"),
    "replaced match on line $": word("edit_replaced_on_line"),
    "Go to line": word("edit_go_to_line"),
    go: word("edit_go"),
  };
}

export class TextEditor {
  private readonly view: EditorView;
  private line = 1;

  constructor(parent: HTMLElement, text: string, news: TextNews) {
    const nonce = document.querySelector<HTMLMetaElement>('meta[name="style-nonce"]')?.content ?? "";
    const state = EditorState.create({
      doc: text,
      extensions: [
        EditorView.cspNonce.of(nonce),
        EditorState.phrases.of(phrases()),
        EditorState.tabSize.of(2),
        EditorState.lineSeparator.of("\n"),
        indentUnit.of("  "),
        lineNumbers(),
        lintGutter(),
        highlightActiveLineGutter(),
        highlightActiveLine(),
        highlightSpecialChars(),
        history(),
        drawSelection(),
        indentOnInput(),
        bracketMatching(),
        yaml(),
        syntaxHighlighting(colours),
        search({ top: true }),
        keymap.of([...searchKeymap, ...historyKeymap, indentWithTab, ...defaultKeymap.filter((one) => one.key !== "Mod-Enter")]),
        EditorView.lineWrapping,
        EditorView.contentAttributes.of({
          "aria-labelledby": "text-label",
          "aria-describedby": "text-help",
          tabindex: "0",
          spellcheck: "false",
          autocapitalize: "off",
        }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) news.changed();
          const line = update.state.doc.lineAt(update.state.selection.main.head).number;
          if (line === this.line) return;
          this.line = line;
          news.moved(line);
        }),
      ],
    });
    parent.replaceChildren();
    this.view = new EditorView({ state, parent });
  }

  get text(): string {
    return this.view.state.doc.toString();
  }

  /** The line of the cursor, from 1. */
  get cursorLine(): number {
    return this.line;
  }

  get focused(): boolean {
    return this.view.hasFocus;
  }

  focus(): void {
    this.view.focus();
  }

  /** Put another text in the place of this one; undo brings it back. */
  replace(text: string): void {
    if (text === this.text) return;
    const at = Math.min(this.view.state.selection.main.head, text.length);
    this.view.dispatch({ changes: { from: 0, to: this.view.state.doc.length, insert: text }, selection: { anchor: at } });
  }

  /** Put the cursor at the beginning of what stands in this line, in the middle of what is seen. */
  goTo(line: number): void {
    const there = this.view.state.doc.line(Math.min(Math.max(1, line), this.view.state.doc.lines));
    const at = there.from + (/^[\s-]*/.exec(there.text)?.[0].length ?? 0);
    this.view.dispatch({ selection: { anchor: at }, effects: EditorView.scrollIntoView(at, { y: "center" }) });
    this.view.focus();
  }

  /** Mark these problems, and no others. */
  mark(problems: readonly Problem[]): void {
    const lines = this.view.state.doc.lines;
    const found = problems.map((problem): Diagnostic => {
      const line = this.view.state.doc.line(Math.min(Math.max(1, problem.line), lines));
      const from = line.from + (/^\s*/.exec(line.text)?.[0].length ?? 0);
      return {
        from: Math.min(from, line.to),
        to: line.to,
        severity: problem.serious ? "error" : "warning",
        message: `${problem.what} ${problem.step}`,
      };
    });
    this.view.dispatch(setDiagnostics(this.view.state, found));
  }
}
