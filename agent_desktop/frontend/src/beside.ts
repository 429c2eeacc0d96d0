// What opens beside the call without losing it: help, a new ticket, a follow-up. It is no dialog: every key of the call still works.
import { interaction } from "./agent_state";
import { getHtml, post, Problem } from "./api";
import { setUpSearch } from "./help_search";
import { above, byId } from "./page";
import { toast } from "./toast";
import { word } from "./words";

type Show = (html: string) => void;
let showWork: Show = () => undefined;
let before: Element | null = null;

const panel = byId("beside");

function fail(error: unknown): void {
  toast(error instanceof Problem ? error.message : word("failed"));
}

async function open(path: string, focus: string): Promise<void> {
  if (!panel) return;
  try {
    const html = await getHtml(path);
    if (panel.hidden) before = document.activeElement;
    panel.innerHTML = html;
    panel.hidden = false;
    const field = panel.querySelector<HTMLElement>(focus);
    field?.focus();
    if (field instanceof HTMLInputElement) field.select(); // what it proposes makes way for what is typed
  } catch (error) {
    fail(error);
  }
}

function close(): void {
  if (!panel || panel.hidden) return;
  const hadFocus = panel.contains(document.activeElement);
  panel.hidden = true;
  panel.replaceChildren();
  if (hadFocus && before instanceof HTMLElement && before.isConnected) before.focus();
}

/** The articles that fit the call, and a field to search for others. */
export function openHelp(): void {
  void open(`/api/knowledge?interaction=${interaction()}`, "#help-text").then(() => {
    const field = byId<HTMLInputElement>("help-text");
    const found = byId("help-found");
    if (field && found) setUpSearch(field, found, interaction());
  });
}

/** A ticket for the call in hand. */
export function openTicketForm(): void {
  if (interaction()) void open(`/api/ticket-form/${interaction()}`, "[name=subject]");
}

/** Something that the agent promises the customer of the call in hand. */
export function openFollowUpForm(): void {
  if (interaction()) void open(`/api/follow-up-form/${interaction()}`, "[name=text]");
}

/** A caller comes: what is only read makes way for their papers; what is being written stays. */
export function makeWay(): void {
  const form = panel?.querySelector("form");
  const written = [...(form?.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>("input, textarea") ?? [])];
  if (!written.some((field) => field.value !== field.defaultValue)) close();
}

const openers: Readonly<Record<string, () => void>> = { help: openHelp, ticket: openTicketForm, follow_up: openFollowUpForm, close };
const keys: Readonly<Record<string, () => void>> = { KeyK: openHelp, KeyT: openTicketForm, KeyP: openFollowUpForm };

/** Run what this key opens; whether it opens anything. */
export function besideKey(code: string): boolean {
  const run = keys[code];
  run?.();
  return run !== undefined;
}

/** Send the form, however often it is pressed meanwhile. */
async function sendOnce(form: HTMLFormElement): Promise<void> {
  const button = form.querySelector<HTMLButtonElement>("button:not([type=button])");
  if (button?.disabled) return;
  if (button) button.disabled = true;
  try {
    await (form.dataset["openTicket"] ? openTicket(form) : promise(form));
  } catch (error) {
    fail(error);
  } finally {
    if (button) button.disabled = false;
  }
}

async function openTicket(form: HTMLFormElement): Promise<void> {
  const given = new FormData(form);
  const text = (name: string): string => String(given.get(name) ?? "");
  const body = {
    interaction_id: form.dataset["openTicket"], subject: text("subject"), category: text("category"), priority: text("priority"),
    team: text("team"), keep: text("team") === "", note: text("note"),
  };
  const answer = await post<{ number: string; is_new: boolean; html: string }>("/api/tickets", body);
  close();
  showWork(answer.html);
  const look = { label: word("ticket_show"), run: () => void window.open(`/tickets/${answer.number}`, "_blank", "noopener") };
  toast(word(answer.is_new ? "ticket_opened" : "ticket_same", { number: answer.number }), look);
}

async function promise(form: HTMLFormElement): Promise<void> {
  const given = new FormData(form);
  const body = { interaction_id: form.dataset["followUp"], text: given.get("text"), at: given.get("at") };
  const { words } = await post<{ words: string }>("/api/follow-ups", body);
  close();
  toast(words);
}

async function linkTicket(number: string): Promise<void> {
  await post(`/api/tickets/${number}/link`, { interaction_id: interaction() });
  toast(word("ticket_linked", { number }));
}

/** `show` puts a new work area in its place. */
export function setUpBeside(show: Show): void {
  showWork = show;
  document.addEventListener("click", (event) => {
    const plain = !event.ctrlKey && !event.metaKey && !event.shiftKey;
    const article = above(event.target, "[data-article]")?.dataset["article"];
    if (article && plain) {
      event.preventDefault();
      void open(`/api/knowledge/${article}`, "article");
    }
    openers[above(event.target, "[data-beside]")?.dataset["beside"] ?? ""]?.();
    const number = above(event.target, "[data-link-ticket]")?.dataset["linkTicket"];
    if (number) void linkTicket(number).catch(fail);
  });
  panel?.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement)) return;
    event.preventDefault();
    void sendOnce(form);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !document.querySelector("dialog[open]")) close();
  });
}
