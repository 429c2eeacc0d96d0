// The grid by keyboard, as a table of numbers is used: arrows, digits, Space for whole agents, Escape and Ctrl+Z to take back.
import type { SkillGrid } from "./skill_grid";

export interface Acts {
  set: (level: number) => void;
  choose: (upTo: number | null) => void;
  escape: () => void;
  undo: () => void;
}

const arrows: Readonly<Record<string, readonly [number, number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

/** Listen on the grid, and for Ctrl+Z on the whole page outside of fields. */
export function setUpKeys(root: HTMLElement, grid: SkillGrid, acts: Acts): void {
  root.addEventListener("keydown", (event) => {
    if (event.altKey) return;
    if (event.ctrlKey || event.metaKey ? farKey(event.key, grid) : nearKey(event, grid, acts)) event.preventDefault();
  });
  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.shiftKey || event.key.toLowerCase() !== "z") return;
    if (event.target instanceof HTMLInputElement && event.target.type !== "checkbox") return;
    acts.undo();
    event.preventDefault();
  });
}

function farKey(key: string, grid: SkillGrid): boolean {
  if (key === "Home") grid.go(0, -1);
  else if (key === "End") grid.go(grid.lastRow, grid.lastColumn);
  else return false;
  return true;
}

function nearKey(event: KeyboardEvent, grid: SkillGrid, acts: Acts): boolean {
  const { row, column } = grid.place;
  const arrow = arrows[event.key];
  if (arrow) {
    if (event.shiftKey && arrow[0]) acts.choose(row + arrow[0]);
    grid.move(...arrow);
    return true;
  }
  switch (event.key) {
    case "Home":
      grid.go(row, -1);
      return true;
    case "End":
      grid.go(row, grid.lastColumn);
      return true;
    case "PageUp":
      grid.go(Math.max(0, row - grid.pageRows), column);
      return true;
    case "PageDown":
      grid.go(row + grid.pageRows, column);
      return true;
    case " ":
      acts.choose(null);
      return true;
    case "Escape":
      acts.escape();
      return true;
    case "Delete":
    case "Backspace":
      acts.set(0);
      return true;
    default:
      if (!/^[0-5]$/.test(event.key)) return false;
      acts.set(Number(event.key));
      return true;
  }
}
