// A recorded day played under the text: asked for, followed while the worker plays it, shown as tables.
import { getJson, post, Problem } from "./api";
import { byId } from "./page";
import { word } from "./words";

interface Status {
  state: "waiting" | "working" | "done" | "empty" | "replaced" | "failed";
  done: number;
  of: number;
  day: string;
  html: string;
}

const everyMs = 400;
const lateMs = 6000;
const key = "halo-preview";

export class Preview {
  private id = "";
  private asked = 0;
  private played = "";

  constructor(private readonly text: () => string) {
    byId("preview-form")?.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.ask();
    });
  }

  /** Have the chosen day played under the text as it is now. */
  async ask(): Promise<void> {
    const day = byId<HTMLInputElement>("preview-day");
    if (!day || !day.reportValidity()) return;
    this.show("waiting", word("preview_waiting"));
    this.asked = Date.now();
    this.played = this.text();
    try {
      const answer = await post<{ preview: string }>("/api/policy/preview", { text: this.text(), day: day.value });
      this.follow(answer.preview);
    } catch (error) {
      this.show("failed", error instanceof Problem ? error.message : word("failed"));
    }
  }

  /** Go on with the one that was asked for before the page was loaded anew. */
  goOn(): void {
    const id = window.sessionStorage.getItem(key);
    if (!id) return;
    this.asked = Date.now();
    this.played = this.text();
    this.follow(id);
  }

  /** The text has changed: what was played is of another one. */
  touched(): void {
    if (document.body.dataset["preview"] !== "done") return;
    this.show("done", this.text() === this.played ? "" : word("preview_outdated"));
  }

  private follow(id: string): void {
    this.id = id;
    window.sessionStorage.setItem(key, id);
    void this.look(id);
  }

  private async look(id: string): Promise<void> {
    if (id !== this.id) return;
    try {
      this.tell(id, await getJson<Status>(`/api/policy/preview/${id}`));
    } catch (error) {
      if (error instanceof Problem && error.retryable) this.again(id);
      else {
        window.sessionStorage.removeItem(key);
        this.show("failed", error instanceof Problem ? error.message : word("failed"));
      }
    }
  }

  private again(id: string): void {
    window.setTimeout(() => void this.look(id), everyMs);
  }

  private tell(id: string, status: Status): void {
    if (id !== this.id) return;
    const { state, done, of } = status;
    if (state === "waiting" || state === "working") {
      const late = state === "waiting" && Date.now() - this.asked > lateMs;
      const fields = { done: String(done), of: String(of) };
      this.show(state, word(late ? "preview_late" : `preview_${state}`, fields), done, of);
      this.again(id);
      return;
    }
    this.show(state, state === "replaced" || state === "failed" ? word(`preview_${state}`) : "");
    const box = byId("preview");
    if (box && status.html) box.innerHTML = status.html;
    this.touched();
  }

  private show(state: string, words: string, done = 0, of = 0): void {
    const box = byId("preview-state");
    if (box && box.textContent !== words) box.textContent = words;
    document.body.dataset["preview"] = state;
    const bar = byId<HTMLProgressElement>("preview-progress");
    if (!bar) return;
    bar.hidden = state !== "waiting" && state !== "working";
    if (of) [bar.max, bar.value] = [of, done];
    else bar.removeAttribute("value");
  }
}
