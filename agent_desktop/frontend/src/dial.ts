// Calling a number by hand: every number on a page opens this dialog, which says whom it reaches and what they may be called for.
import { post, Problem } from "./api";
import { above, all } from "./page";
import { toast } from "./toast";
import { hasWord, word } from "./words";

type Asked = (key: string) => void;
interface Html {
  html: string;
}

const askAfterMs = 250;
const looksLikeNumber = /^[+0-9][0-9 ().\-/]{4,}$/;
let asked: Asked = () => toast(word("dial_rings"));
let timer = 0;
let dialog: HTMLDialogElement | null = null;

/** Why an order to call was not carried out. */
export const dialWords = (why: string): string => word(hasWord(`dial_${why}`) ? `dial_${why}` : "dial_failed");

/** Whether a text may be a number. */
export const isNumber = (text: string): boolean => looksLikeNumber.test(text.trim());

/** Let every number of the page open the dialog; `then` is told the key of each order that was taken. */
export function setUpDial(then?: Asked): void {
  if (then) asked = then;
  document.addEventListener("click", onClick);
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || form.dataset["dialForm"] === undefined) return;
    event.preventDefault();
    void call(form);
  });
  document.addEventListener("input", (event) => {
    const field = event.target;
    if (!(field instanceof HTMLInputElement) || field.id !== "dial-number") return;
    say("");
    part("#dial-whom")?.setAttribute("aria-busy", "true"); // what it says is of another number
    window.clearTimeout(timer);
    timer = window.setTimeout(() => void look(field.value), askAfterMs);
  });
}

/** Open the dialog: with this number, with the customer's first one, or empty. */
export async function openDial(number = "", customer = 0): Promise<void> {
  if (document.body.dataset["mayDial"] === undefined || dialog?.open) return;
  for (const open of all<HTMLDialogElement>("dialog[open]")) open.close();
  try {
    box().innerHTML = (await post<Html>("/api/dial/form", { number, customer })).html;
    dialog?.showModal();
    const field = part<HTMLInputElement>("#dial-number");
    (field?.value ? part<HTMLButtonElement>("[name=call]") : field)?.focus();
  } catch (error) {
    toast(error instanceof Problem ? error.message : word("failed"));
  }
}

/** Alt+C: the number nearest to where the reader is, else of the call just ended, else the customer of the page, else an empty dialog. */
export function dialHere(): void {
  const near = document.activeElement?.closest("li, section")?.querySelector<HTMLElement>("[data-dial]") ?? document.querySelector<HTMLElement>(".controls [data-dial]");
  const { dial, dialCustomer } = near?.dataset ?? {};
  void openDial(dial ?? "", Number(dialCustomer ?? document.body.dataset["customer"] ?? 0));
}

function box(): HTMLDialogElement {
  if (!dialog) {
    dialog = document.createElement("dialog");
    dialog.className = "sheet";
    dialog.setAttribute("aria-labelledby", "dial-title");
    document.body.append(dialog);
  }
  return dialog;
}

function part<Kind extends HTMLElement>(selector: string): Kind | null {
  return dialog?.querySelector<Kind>(selector) ?? null;
}

function fields(form: HTMLFormElement): Record<string, unknown> {
  const chosen = new FormData(form);
  const [number, purpose, queue] = ["number", "purpose", "queue"].map((name) => chosen.get(name) ?? "");
  return { number, purpose, queue, customer: Number(form.dataset["customer"]) };
}

function say(text: string, mayRemind = false): void {
  const line = part("#dial-problem");
  if (line) line.textContent = text;
  const remind = part<HTMLButtonElement>("button[data-dial-remind]");
  if (remind) remind.hidden = !mayRemind;
}

async function look(number: string): Promise<void> {
  const form = part<HTMLFormElement>("form");
  const whom = part("#dial-whom");
  if (!form || !whom) return;
  const found = await post<Html>("/api/dial/whom", { number, customer: Number(form.dataset["customer"]) }).catch(() => null);
  if (!found || part<HTMLInputElement>("#dial-number")?.value !== number) return;
  const chosen = part<HTMLInputElement>("[name=purpose]:checked")?.value; // also what was chosen while the answer came
  whom.innerHTML = found.html;
  whom.removeAttribute("aria-busy");
  const again = part<HTMLInputElement>(`[name=purpose][value="${chosen ?? ""}"]`);
  if (again) again.checked = true;
}

async function call(form: HTMLFormElement): Promise<void> {
  say("");
  try {
    const { asked: key } = await post<{ asked: string }>("/api/dial", fields(form));
    dialog?.close();
    asked(key);
  } catch (error) {
    say(error instanceof Problem ? error.message : word("failed"), error instanceof Problem && error.code === "dial_hours");
    if (error instanceof Problem && error.code === "dial_hours") part("button[data-dial-remind]")?.focus();
  }
}

async function remind(form: HTMLFormElement): Promise<void> {
  try {
    const { words } = await post<{ words: string }>("/api/dial/remind", fields(form));
    dialog?.close();
    toast(words);
  } catch (error) {
    say(error instanceof Problem ? error.message : word("failed"));
  }
}

function onClick(event: MouseEvent): void {
  const button = above(event.target, "[data-dial], [data-dial-take], [data-dial-close], [data-dial-remind]");
  const form = part<HTMLFormElement>("form");
  if (!button) {
    if (event.target === dialog) dialog?.close(); // beside the box
    return;
  }
  const { dial, dialCustomer, dialTake, dialClose } = button.dataset;
  if (dial !== undefined) void openDial(dial, Number(dialCustomer ?? 0));
  else if (dialClose !== undefined) dialog?.close();
  else if (dialTake !== undefined) {
    const field = part<HTMLInputElement>("#dial-number");
    if (field) field.value = dialTake;
    void look(dialTake);
  } else if (form) void remind(form);
}
