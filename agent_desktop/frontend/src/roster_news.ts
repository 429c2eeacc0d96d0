// What others do to the roster that is open here: pushed, and shown without taking anything out of the planner's hands.
import { getJson, Problem } from "./api";
import { byId } from "./page";
import type { GridData, RosterTable } from "./roster_table";
import { Stream } from "./stream";
import { toast } from "./toast";
import { word } from "./words";

interface News {
  stamp: string;
  by: string;
  own: boolean;
  html: string;
  history: string;
  gap: string;
}

export class RosterNews {
  private waits = false;
  private reading = false;

  /** `busy`: a shift is carried, dragged or chosen right now; `redrawn` is told whose rows are others. */
  constructor(
    private readonly number: string,
    private readonly table: RosterTable,
    private readonly busy: () => boolean,
    private readonly redrawn: (agents: string[] | null) => void,
  ) {}

  listen(): void {
    new Stream(() => `/events/rosters/${this.number}`, {
      on: { shifts: () => void this.look(), over: () => window.location.reload(), unavailable: () => undefined },
      connected: () => undefined,
    });
  }

  /** Nothing is in hand any more: what came meanwhile is shown. */
  settled(): void {
    if (this.waits && !this.busy()) void this.look();
  }

  private async look(): Promise<void> {
    if (this.reading || this.busy()) {
      this.waits = true;
      return;
    }
    this.reading = true;
    this.waits = false;
    try {
      const shown = document.body.dataset["state"] ?? "";
      const news = await getJson<News>(`/api/planner/rosters/${this.number}/news?shown=${shown}`);
      const grid = news.stamp === this.table.stamp ? null : await getJson<GridData>(`/api/planner/rosters/${this.number}/grid`);
      if (this.busy()) this.waits = true;
      else this.show(news, grid);
    } catch (error) {
      if (error instanceof Problem && error.code === "not_found") this.gone();
    } finally {
      this.reading = false;
    }
    if (this.waits && !this.busy()) window.setTimeout(() => void this.look(), 300);
  }

  private show(news: News, grid: GridData | null): void {
    const box = byId("roster-news");
    if (box && box.innerHTML.trim() !== news.html.trim()) box.innerHTML = news.html;
    const history = byId("roster-history");
    const open = history?.querySelector("details")?.open ?? false;
    if (history) history.innerHTML = news.history;
    const details = history?.querySelector("details");
    if (details) details.open = open;
    if (!grid) return;
    const cost = byId("cost");
    if (cost) cost.textContent = news.gap;
    const changed = this.table.compare(grid);
    const people = grid.agents.map((one) => one.id).join() !== this.table.agents.map((one) => one.id).join();
    const may = this.table.mayChange; // publishing is told beside; until the page is loaded anew it stays as it was
    this.table.take(grid);
    this.table.mayChange = may && grid.may_change;
    if (changed.length && !news.own) toast(word("roster_news", { by: news.by, count: String(changed.length) }));
    if (people) this.redrawn(null);
    else if (changed.length) this.redrawn([...new Set(changed.map(([agent]) => agent))]);
  }

  private gone(): void {
    const box = byId("roster-news");
    if (box) box.textContent = word("roster_gone");
    this.table.mayChange = false;
  }
}
