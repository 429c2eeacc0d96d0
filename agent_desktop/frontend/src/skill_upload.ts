// Skills from a file: first what it would change, every fault at its line; applied only when asked to.
import { Problem, postFile } from "./api";
import { byId } from "./page";
import type { Change } from "./skill_saving";
import type { SkillTable } from "./skill_table";
import { word } from "./words";

interface Checked {
  lines: number;
  faults: { line: number; what: string; instead: string }[];
  changes: Change[];
  fresh: string[];
}

const mostShown = 40;

/** Let the dialog check a file and hand over its changes; `apply` resolves to whether they were made. */
export function setUpUpload(table: SkillTable, apply: (changes: Change[]) => Promise<boolean>): void {
  const dialog = byId<HTMLDialogElement>("upload");
  const file = byId<HTMLInputElement>("upload-file");
  const button = byId<HTMLButtonElement>("upload-apply");
  const result = byId("upload-result");
  if (!dialog || !file || !button || !result) return;
  let changes: Change[] = [];

  const clear = () => {
    changes = [];
    button.disabled = true;
    result.replaceChildren();
  };
  const check = async () => {
    clear();
    const chosen = file.files?.[0];
    if (!chosen) return;
    result.append(line("p", "quiet", word("skill_file_checking")));
    try {
      const checked = await postFile<Checked>("/api/skills/file", chosen);
      result.replaceChildren(...told(checked, table));
      changes = checked.changes;
      button.disabled = changes.length === 0;
    } catch (error) {
      result.replaceChildren(line("p", "notice notice--bad", error instanceof Problem ? error.message : word("failed")));
    }
  };
  byId("open-upload")?.addEventListener("click", () => {
    file.value = "";
    clear();
    dialog.showModal();
  });
  file.addEventListener("click", () => {
    file.value = ""; // the same file again, mended meanwhile
  });
  file.addEventListener("change", () => void check());
  byId("upload-form")?.addEventListener("submit", (event) => {
    event.preventDefault();
    if (!changes.length) return;
    button.disabled = true;
    void apply(changes).then((done) => {
      if (done) dialog.close();
      else void check();
    });
  });
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog || (event.target as Element).closest('[data-do="close"]')) dialog.close();
  });
}

function told(checked: Checked, table: SkillTable): HTMLElement[] {
  if (checked.faults.length) {
    const list = document.createElement("ul");
    list.className = "faults";
    for (const fault of checked.faults) {
      const item = line("li", "", "");
      const number = line("b", "num", word("skill_file_line", { line: String(fault.line) }));
      item.append(number, " ", fault.what, " ", line("span", "faults__instead", fault.instead));
      list.append(item);
    }
    return [line("p", "notice notice--bad", word("skill_file_faults")), scrolled(list)];
  }
  const numbers = { lines: String(checked.lines), count: String(checked.changes.length) };
  if (!checked.changes.length) return [line("p", "", word("skill_file_same", numbers))];
  const list = document.createElement("ul");
  list.className = "faults";
  for (const [agent, skill, level, before] of checked.changes.slice(0, mostShown)) {
    const item = line("li", "", `${table.agent(agent)?.name ?? agent} · ${skill} `);
    item.append(line("span", "num", `${before} → ${level}`));
    list.append(item);
  }
  const more = checked.changes.length - mostShown;
  if (more > 0) list.append(line("li", "quiet", word("skill_file_more", { count: String(more) })));
  const all = [line("p", "", word("skill_file_changes", numbers)), scrolled(list)];
  const skills = checked.fresh.join(", ");
  if (skills) all.push(line("p", "notice notice--warm", word("skill_file_fresh", { skills })));
  return all;
}

/** A list that may be long: it scrolls, by the keyboard too. */
function scrolled(list: HTMLElement): HTMLElement {
  const box = line("div", "faults__box", "");
  box.tabIndex = 0;
  box.append(list);
  return box;
}

function line(tag: string, name: string, text: string): HTMLElement {
  const made = document.createElement(tag);
  made.className = name;
  made.textContent = text;
  return made;
}
