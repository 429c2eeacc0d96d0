// What callers hear at the menu under the cursor, the picture of the flow, and the sentences as sound.
import { getHtml, postForSound, Problem } from "./api";
import type { TextEditor } from "./text_editor";
import { above, all, bringIntoView, byId } from "./page";
import type { CheckedText } from "./text_draft";
import { toast } from "./toast";
import { word } from "./words";
import { replace } from "./work_area";

/** What the server says of a flow. Without `menus` it could not be read. */
export interface Checked extends CheckedText {
  menus?: { name: string; first: number; last: number }[];
  picture?: string;
  menu?: { name: string; html: string };
}

export class Heard {
  private menus: NonNullable<Checked["menus"]> = [];
  private shown = "";
  private asked = 0;
  private readonly sound = new Audio();
  private address = "";
  private playing: HTMLElement | null = null;

  constructor(
    private readonly flow: string,
    private readonly text: TextEditor,
  ) {
    this.sound.addEventListener("ended", () => this.stop());
    byId("menu")?.addEventListener("click", (event) => {
      const button = above(event.target, "[data-key]");
      if (button) this.toggle(button);
    });
    byId("picture")?.addEventListener("click", (event) => {
      const node = above(event.target, "a[data-line]");
      if (!node) return;
      event.preventDefault();
      text.goTo(Number(node.dataset["line"]));
    });
  }

  /** The names of the menus with the lines where they begin. */
  places(): { name: string; first: number }[] {
    return this.menus;
  }

  /** Show what the check found; a text that can't be read leaves the last picture. */
  show(answer: Checked): void {
    const stale = byId("stale-picture");
    if (stale) stale.hidden = answer.menus !== undefined;
    if (!answer.menus || answer.picture === undefined || !answer.menu) return;
    this.menus = answer.menus;
    const picture = byId("picture");
    if (picture) replace(picture, answer.picture);
    this.put(answer.menu.name, answer.menu.html);
    if (this.menuHere() !== answer.menu.name) this.moved();
  }

  /** The cursor is on another line. */
  moved(): void {
    const name = this.menuHere();
    this.markLine();
    if (!name || name === this.shown) return;
    const asked = ++this.asked;
    void getHtml(`/api/flows/${this.flow}/menus/${name}`)
      .then((html) => {
        if (asked === this.asked) this.put(name, html);
      })
      .catch(() => undefined); // the next check shows it
  }

  /** Play the sentence of the cursor's line, else the first of the menu; stop when one is playing. */
  playHere(): void {
    if (this.playing) {
      this.stop();
      return;
    }
    const inside = above(document.activeElement, "#menu [data-key]");
    const every = all("#menu [data-key]");
    const button = inside ?? this.lastBefore(every) ?? every[0];
    if (button) this.toggle(button);
  }

  /** The sentence of the menu that stands at the cursor, or nearest above it: what is said at a queue stands elsewhere. */
  private lastBefore(every: HTMLElement[]): HTMLElement | undefined {
    const first = this.menus.find((menu) => menu.name === this.shown)?.first ?? 1;
    const line = (one: HTMLElement): number => Number(one.dataset["line"]);
    const there = every.filter((one) => first <= line(one) && line(one) <= this.text.cursorLine);
    return there.sort((one, other) => line(other) - line(one))[0];
  }

  private menuHere(): string {
    const line = this.text.cursorLine;
    return this.menus.find((menu) => menu.first <= line && line <= menu.last)?.name ?? "";
  }

  private put(name: string, html: string): void {
    const box = byId("menu");
    if (!box) return;
    this.asked += 1;
    replace(box, html);
    if (name !== this.shown) {
      this.stop();
      box.scrollTop = 0;
    }
    this.shown = name;
    for (const node of all<SVGElement>("#picture a[data-menu]")) {
      const here = node.dataset["menu"] === name;
      node.classList.toggle("here", here);
      if (here) bringIntoView(byId("picture"), node);
    }
    this.markLine();
  }

  private markLine(): void {
    for (const button of all("#menu [data-key]")) {
      const here = Number(button.dataset["line"]) === this.text.cursorLine;
      button.parentElement?.classList.toggle("said--here", here);
    }
  }

  private toggle(button: HTMLElement): void {
    const again = button === this.playing;
    this.stop();
    if (again) return;
    this.playing = button;
    button.classList.add("playing");
    void this.play(button);
  }

  private async play(button: HTMLElement): Promise<void> {
    const { key, language } = button.dataset;
    try {
      const sound = await postForSound(`/api/flows/${this.flow}/sound`, { menu: this.shown, key, language });
      if (this.playing !== button) return;
      this.address = URL.createObjectURL(sound);
      this.sound.src = this.address;
      await this.sound.play();
    } catch (error) {
      if (this.playing !== button) return;
      this.stop();
      toast(error instanceof Problem ? error.message : word("failed"));
    }
  }

  private stop(): void {
    this.sound.pause();
    this.playing?.classList.remove("playing");
    this.playing = null;
    if (this.address) URL.revokeObjectURL(this.address);
    this.address = "";
  }
}
