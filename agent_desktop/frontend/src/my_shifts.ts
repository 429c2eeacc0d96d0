// An agent's shifts, and the planner's page of what agents ask for: kept up to date by what is pushed.
import "./common";
import { getHtml, post, Problem } from "./api";
import { above, byId } from "./page";
import { closeSheet, openSheet } from "./sheet";
import { Stream } from "./stream";
import { toast } from "./toast";
import { word } from "./words";
import { replace } from "./work_area";

interface Answer {
  words: string;
  address?: string;
}

const box = byId("shifts") ?? byId("requests");
const page = byId("shifts") ? "/my-shifts" : "/planner/requests";
let looks = 0;

/** Show the content as it is now; of several looks at once only the last counts. */
async function look(): Promise<void> {
  const number = ++looks;
  const html = await getHtml(`${page}/content`).catch(() => null); // the network is away: the stream comes back and looks again
  if (box && html !== null && number === looks) replace(box, html);
}

async function act(path: string, body: unknown, button?: HTMLButtonElement): Promise<Answer | null> {
  if (button) button.disabled = true;
  try {
    const answer = await post<Answer>(path, body);
    toast(answer.words);
    return answer;
  } catch (error) {
    toast(error instanceof Problem ? error.message : word("failed"));
    return null;
  } finally {
    if (button) button.disabled = false;
    await look();
  }
}

async function newAddress(): Promise<void> {
  const answer = await act("/api/calendar", {});
  const shown = byId("calendar-address");
  const field = shown?.querySelector("input");
  if (!answer?.address || !shown || !field) return;
  field.value = answer.address;
  shown.hidden = false;
  field.select();
}

async function copyAddress(): Promise<void> {
  const field = byId("calendar-address")?.querySelector("input");
  if (!field) return;
  field.select();
  await navigator.clipboard.writeText(field.value).then(() => toast(word("copied")), () => undefined); // selected: Ctrl C does it
}

function forgetAddress(): void {
  const shown = byId("calendar-address");
  const field = shown?.querySelector("input");
  if (shown) shown.hidden = true;
  if (field) field.value = "";
}

document.addEventListener("click", (event) => {
  const button = above(event.target, "button") as HTMLButtonElement | null;
  if (!button) return;
  const { post: path, day, offerDay, swapWith, instead, do: does } = button.dataset;
  if (path === "/api/calendar/withdraw") forgetAddress();
  if (path) void act(path, {}, button).then((done) => done && "closes" in button.dataset && closeSheet());
  else if (offerDay) void act("/api/shifts/offer", { day: offerDay }, button).then((done) => done && closeSheet());
  else if (swapWith) void act("/api/shifts/swap", { day, agent: swapWith, instead }, button).then((done) => done && closeSheet());
  else if (day) void openSheet(`/api/shifts/day?day=${day}`);
  else if (does === "calendar") void newAddress();
  else if (does === "copy") void copyAddress();
});

function value(form: HTMLFormElement, name: string): string {
  const field = form.elements.namedItem(name);
  return field instanceof HTMLInputElement ? field.value : "";
}

async function findSwaps(form: HTMLFormElement): Promise<void> {
  const found = byId("swaps");
  if (!found) return;
  const address = `/api/shifts/swaps?day=${form.dataset["swapDay"] ?? ""}&instead=${value(form, "instead")}`;
  found.innerHTML = await getHtml(address).catch((error: unknown) => {
    toast(error instanceof Problem ? error.message : word("failed"));
    return "";
  });
}

async function askTimeOff(form: HTMLFormElement): Promise<void> {
  const body = { first: value(form, "first"), last: value(form, "last"), reason: value(form, "reason") };
  if (!(await act("/api/time-off", body))) return;
  form.reset();
  const shown = byId("time-off-check");
  if (shown) shown.innerHTML = "";
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement)) return;
  const button = event.submitter as HTMLButtonElement | null;
  if (form.dataset["decide"]) void act(`${form.dataset["decide"]}/${button?.value ?? "refuse"}`, { word: value(form, "word") }, button ?? undefined);
  else if (form.dataset["swapDay"]) void findSwaps(form);
  else if (form.id === "time-off") void askTimeOff(form);
  else return;
  event.preventDefault();
});

let checks = 0;

/** What the chosen days would mean, before they are asked for. */
async function checkDays(form: HTMLFormElement): Promise<void> {
  const first = value(form, "first");
  const last = value(form, "last");
  const shown = byId("time-off-check");
  const number = ++checks;
  if (!shown || !first || !last) return;
  const html = await getHtml(`/api/time-off/check?first=${first}&last=${last}`).catch((error: unknown) => {
    const said = document.createElement("p");
    said.className = "fault";
    said.textContent = error instanceof Problem ? error.message : word("failed");
    return said.outerHTML;
  });
  if (number === checks) shown.innerHTML = html;
}

document.addEventListener("change", (event) => {
  const field = event.target;
  const form = field instanceof HTMLInputElement ? field.form : null;
  if (!(field instanceof HTMLInputElement) || form?.id !== "time-off" || field.type !== "date") return;
  const last = form.elements.namedItem("last");
  if (field.name === "first" && last instanceof HTMLInputElement && (!last.value || last.value < field.value)) last.value = field.value;
  void checkDays(form);
});

const stream = new Stream(() => `${page}/events`, {
  on: {
    shifts: () => void look(),
    over: () => window.location.reload(),
    unavailable: () => undefined,
  },
  connected: (yes) => (document.body.dataset["stream"] = yes ? "on" : "off"),
});
window.addEventListener("beforeunload", () => stream.end());
