// The agent's page.
import "./common";
import "./keys";
import { body, factsAtFirst, interaction, setFacts, state, type AgentFacts } from "./agent_state";
import { post } from "./api";
import { makeWay, setUpBeside } from "./beside";
import { startClock } from "./clock";
import { commands, typedCommand } from "./commands";
import { answer, hangUp, paintPhone, startPhone, toggleHold, toggleMute } from "./desk_phone";
import { dialWords, openDial, setUpDial } from "./dial";
import { expectAnswer, openHandOver, order, settled } from "./hand_over";
import { openKeypad } from "./keypad";
import { openSoundTest } from "./sound_test";
import { CHANGED_BY_DRAFT, choose, noteField, paintChoice, takeUpUnsent } from "./notes";
import { answerOffer, saySolved } from "./offer";
import { above, all, byId, painted } from "./page";
import { openPalette, usePalette } from "./palette";
import { callAgain, sayReached } from "./promised_try";
import { showPromises } from "./promises";
import { recordingTold, toggleRecording, watchPause } from "./recording_pause";
import { remind, remindNow } from "./reminders";
import { answerQuestion, answerScript, changeScript, closeScripts, doAction, showGiven } from "./script_answers";
import { openKeymap, openSheet } from "./sheet";
import { shiftNewsNow, showShift } from "./shift_line";
import { chooseAfterCall, chooseState, closeMenu, openMenu } from "./state_menu";
import { Stream } from "./stream";
import { toast } from "./toast";
import { hasWord, word } from "./words";
import { chooseTab, replace } from "./work_area";
import { extendWrapUp, saveLater, saveWrapUp } from "./wrap_up";

interface AgentMessage {
  kind: string;
  asked: string;
  done: boolean;
  why: string;
  action: string;
  agent?: AgentFacts;
  html?: string;
}

usePalette(commands, {
  look: (id) => void openSheet(`/api/customers/${id}`),
  open: (id) => void window.open(`/customers/${id}`, "_blank", "noopener"), // this page is also the phone and stays
}, typedCommand);

const work = byId("work");
const title = document.title;
const sayAfterMs = 500; // a screen reader reads what changes, and not what was there when it came

function show(html: string): void {
  const wasHere = work?.contains(document.activeElement) ?? false;
  if (work) replace(work, html);
  if (wasHere && document.activeElement === body) focusNext(); // what had it is gone
  paintChoice();
  paintPhone();
  watchPause();
}

let saidWords = factsAtFirst.words;

async function take(message: AgentMessage): Promise<void> {
  if (message.kind === "CallControlSettled") settled(message);
  recordingTold(message.kind, message.why);
  if (message.kind === "CustomersMerged") toast(word(`record_${message.why}`));
  if (message.kind === "ConsultChanged" && hasWord(`consult_${message.why}`)) toast(word(`consult_${message.why}`));
  if (message.action === "timeout") toast(word("time_is_up"));
  const facts = message.agent;
  if (!facts || message.html === undefined) return;
  const before = state();
  setFacts(facts);
  show(message.html);
  if (before !== facts.state) enter(facts);
  else if (saidWords !== facts.words) say(facts.words); // whoever was called has picked up
  saidWords = facts.words;
  if (facts.state === "RESERVED") {
    makeWay();
    await tellShown(facts);
  }
  remindNow();
  shiftNewsNow();
}

let toldToken = 0;

async function tellShown(facts: { interaction: string; token: number }): Promise<void> {
  if (facts.token === toldToken) return;
  toldToken = facts.token;
  await painted();
  await post("/api/pop-shown", { interaction_id: facts.interaction, token: facts.token }).catch(() => undefined);
}

/** Who calls, and why, as the page shows it. */
function caller(): { who: string; why: string } {
  const who = document.querySelector("#work .person__name")?.textContent ?? "";
  return { who, why: document.querySelector("#work .why__main")?.textContent?.trim().replace(/\s+/g, " ") ?? "" };
}

/** The page has been loaded, perhaps in the middle of a call: say where its reader is, and put the focus where the next action is. */
function arrive(facts: AgentFacts): void {
  focusNext();
  const { who, why } = caller();
  const announcer = byId("announcer");
  if (announcer && facts.interaction) window.setTimeout(() => (announcer.textContent ||= [facts.words, who, why].filter(Boolean).join(". ")), sayAfterMs);
}

function say(words: string): void {
  const announcer = byId("announcer");
  if (announcer) announcer.textContent = words;
}

/** A new state: say it, and put the focus where the next action is, unless somebody is typing. */
function enter(facts: AgentFacts): void {
  const coming = facts.state === "RESERVED" || facts.state === "RINGING";
  const { who, why } = caller();
  say(coming ? word(facts.dialled ? "dial_now" : "call_from", { who, why }) : facts.words); // ringing, too: it follows at once
  document.title = coming ? `☎ ${who} · ${title}` : title;
  if (coming) for (const open of all<HTMLDialogElement>("dialog[open]")) open.close();
  if (document.activeElement === noteField() || document.querySelector("dialog[open]")) return;
  focusNext();
}

/** Put the focus where the next action is. */
function focusNext(): void {
  const next = {
    RINGING: "#answer", TALKING: "#middle [data-typed], #middle [data-answer], #choose button", WRAP_UP: "#middle .disposition", NOT_READY: "#middle .button--main",
  };
  const now = state();
  const target = now in next ? next[now as keyof typeof next] : "";
  const places = ['#middle [aria-checked="true"]', target, "#state-button"].filter(Boolean);
  const found = places.map((place) => document.querySelector<HTMLElement>(place)).find((each) => each !== null);
  found?.focus({ preventScroll: true });
}

const actions: Readonly<Record<string, () => void>> = {
  state: openMenu,
  palette: openPalette,
  keymap: openKeymap,
  answer,
  hold: toggleHold,
  mute: toggleMute,
  keypad: openKeypad,
  sound: openSoundTest,
  hand_over: () => void openHandOver(),
  dial: () => void openDial(),
  extend: () => void extendWrapUp(),
  hang_up: hangUp,
  save_ready: () => void saveWrapUp(true),
  save_break: () => void saveWrapUp(false),
};

function onClick(event: MouseEvent): void {
  const button = above(event.target, "button");
  if (!above(event.target, ".state-control")) closeMenu();
  if (!button) return;
  const step = button.dataset["consult"];
  if (step) void order(`/api/consult/${step}`, {});
  if (button.dataset["record"]) toggleRecording();
  const { after, decline, identify } = button.dataset;
  if (identify) void order("/api/identify", { customer: Number(identify) });
  if (after !== undefined) void chooseAfterCall(after);
  if (decline) void chooseAfterCall(decline).then((taken) => taken && hangUp());
  const { do: wanted, state: toState, reason, answer: said, code, tab, customer, unfinished, reached, script, action, offered, solved } =
    button.dataset;
  if (wanted) actions[wanted]?.();
  else if (toState) void chooseState(toState, reason);
  else if (reached) void sayReached(reached === "yes", show);
  else if (offered) answerOffer(offered, show);
  else if (solved) saySolved(solved === "yes", show);
  else if (said) void answerScript(said, show);
  else if (script) void changeScript(script, show);
  else if (action) void doAction(action, "", show);
  else if (code && above(button, "#work")) choose(code);
  else if (code) for (const other of all("[data-code]", button.parentElement ?? document)) other.setAttribute("aria-checked", String(other === button));
  else if (tab) chooseTab(above(button, "[data-tabs]") ?? button, tab);
  else if (customer) void openSheet(`/api/customers/${customer}`);
  else if (unfinished) void openSheet(`/api/unfinished/${unfinished}`);
}

function onTabKey(event: KeyboardEvent): void {
  const tab = above(event.target, "[role=tab]");
  const list = above(event.target, "[data-tabs]");
  if (!tab || !list || (event.key !== "ArrowRight" && event.key !== "ArrowLeft")) return;
  const tabs = all("[role=tab]", list);
  const step = event.key === "ArrowRight" ? 1 : tabs.length - 1;
  const next = tabs[(tabs.indexOf(tab) + step) % tabs.length];
  chooseTab(list, next?.dataset["tab"] ?? "");
  next?.focus();
}

document.addEventListener("click", onClick);
document.addEventListener("keydown", onTabKey);
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") closeScripts();
});
document.addEventListener(CHANGED_BY_DRAFT, (event) => {
  if (event instanceof CustomEvent) show(event.detail as string);
});
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement)) return;
  const { later, again, question, actionForm } = form.dataset;
  if (later === undefined && again === undefined && question === undefined && actionForm === undefined) return;
  event.preventDefault();
  if (again) void callAgain(form);
  else if (actionForm) void doAction(actionForm, form.querySelector("input")?.value ?? "", show);
  else if (question !== undefined) void answerQuestion(form, show);
  else void saveLater(form);
});

let away = false;
let leaving = false; // a reload opens the newer page while this one still lives: it must not take that for another tab
window.addEventListener("beforeunload", () => {
  leaving = true;
  stream.end();
});
const address = (after: string): string =>
  `/events?after=${encodeURIComponent(after || body.dataset["position"] || "")}&page=${body.dataset["pageNumber"] ?? ""}`;
const stream = new Stream(address, {
  on: {
    agent: (message: AgentMessage) => void take(message),
    promises: (message: { open: number }) => showPromises(message.open),
    follow_ups: remind,
    shift: showShift,
    taken_over: () => {
      stream.end();
      if (!leaving) window.location.replace("/desk/elsewhere");
    },
    over: () => window.location.reload(),
    unavailable: () => undefined,
  },
  connected(yes) {
    body.dataset["stream"] = yes ? "on" : "off";
    if (yes && away) toast(word("online"));
    if (!yes && !away) toast(word("offline"));
    away = !yes;
  },
});

setFacts(factsAtFirst);
startClock();
setUpBeside(show);
document.addEventListener("toggle", showGiven, true);
setUpDial((key) => expectAnswer(key, dialWords));
takeUpUnsent();
paintChoice();
arrive(factsAtFirst);
void startPhone();
if (state() === "RESERVED") void tellShown({ interaction: interaction(), token: Number(body.dataset["token"]) });
