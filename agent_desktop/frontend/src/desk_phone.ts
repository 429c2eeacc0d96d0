// The phone in the agent's page: started once, painted into whatever the work area shows.
import { body, interaction, isDialled, isHeld, state } from "./agent_state";
import { getJson } from "./api";
import { asks } from "./consult";
import { paintHoldTime, watchHold } from "./hold_watch";
import { paintLine } from "./line_quality";
import { reportLine, sendLineReports } from "./line_report";
import { microphoneProblem, openMicrophone } from "./microphone";
import { byId } from "./page";
import type { Account, Phone } from "./phone";
import { watchSound } from "./sound_watch";
import { toast } from "./toast";
import { word } from "./words";

let phone: Phone | null = null;
let problem = "";
let starting = false;

const again = 5000;

/** The phone; null before it was started. */
export const phoneHere = (): Phone | null => phone;

/** Ask for the microphone, then register. Without a microphone the phone stays away, so no call is offered to a mute agent. */
export async function startPhone(): Promise<void> {
  if (body.dataset["phoneKind"] !== "web" || phone || starting) return;
  starting = true;
  await start();
  starting = false;
  paintPhone();
  void sendLineReports();
}

async function start(): Promise<void> {
  try {
    const stream = await openMicrophone();
    for (const track of stream.getTracks()) track.stop();
  } catch (error) {
    tell(microphoneProblem(error));
    return;
  }
  try {
    const [account, { Phone: BrowserPhone }] = await Promise.all([getJson<Account>("/api/phone"), import("./phone")]);
    const audio = byId<HTMLAudioElement>("remote-audio");
    if (!audio) return;
    phone = new BrowserPhone(account, audio, {
      changed: paintPhone,
      problem: tell,
      mayResume: (id) => state() === "TALKING" && id === interaction(),
      resumed: () => toast(word("resumed")),
      isDialled,
      isHeld,
      lineEnded: reportLine,
    });
    problem = "";
  } catch {
    window.setTimeout(() => void startPhone(), again);
  }
}

watchSound({
  phone: phoneHere,
  none() {
    phone?.setReachable(false);
    tell("mic_missing");
  },
  some() {
    phone?.setReachable(true);
    clear("mic_missing");
    void startPhone();
  },
});

/** Whether the phone is this page's; where it is not, and there is a call, it is said where to do it. */
function isHere(): boolean {
  const here = body.dataset["phoneKind"] === "web";
  if (!here && (state() === "RINGING" || state() === "TALKING")) toast(word("on_desk_phone"));
  return here;
}

export const answer = (): void => {
  if (isHere() && (state() === "RINGING" || phone?.status === "ringing")) phone?.answer();
};
export const hangUp = (): void => {
  if (isHere()) phone?.hangUp();
};
export const toggleHold = (): void => {
  if (isHere()) phone?.toggleHold();
};
export const toggleMute = (): void => {
  if (isHere()) phone?.toggleMute();
};
export const sendKey = (key: string): boolean => phone?.sendKey(key) ?? false;

/** Show the phone's state in the page as it is now. */
export function paintPhone(): void {
  if (body.dataset["phoneKind"] !== "web") {
    watchHold(byId("hold-time") !== null); // the desk phone holds, and the server says so
    return;
  }
  if (asks() && phone?.onHold) phone.endHold();
  const status = phone?.status ?? "unregistered";
  body.dataset["phone"] = status;
  const solved = status === "in_call" ? problem.startsWith("mic_") : status === "registered" && problem === "phone_refused";
  if (solved) problem = "";
  const light = document.querySelector<HTMLElement>("#phone-light .light");
  if (light) light.className = `light light--${status === "unregistered" ? (phone || problem ? "bad" : "wait") : "good"}`;
  const words = byId("phone-words");
  if (words) words.textContent = word(status === "in_call" && body.dataset["kind"] === "ringing" ? "phone_rings_there" : phone || problem ? `phone_${status}` : "phone_connecting");
  const line = byId("phone-problem");
  if (line) {
    line.hidden = !problem;
    line.textContent = problem ? word(problem) : "";
  }
  const button = byId<HTMLButtonElement>("answer");
  if (button && status === "ringing") button.disabled = false;
  paintLine();
  paintToggle("hold", phone?.onHold ?? false, "hold", "take_back");
  paintToggle("mute", phone?.muted ?? false, "mute", "unmute");
  watchHold(phone?.onHold ?? false);
  paintHoldTime(phone?.onHold ? word("on_hold") : phone?.muted ? word("muted") : "");
}

function paintToggle(id: string, on: boolean, off_words: string, on_words: string): void {
  const button = byId(id);
  if (!button) return;
  button.setAttribute("aria-pressed", String(on));
  const label = button.querySelector("span");
  if (label) label.textContent = word(on ? on_words : off_words);
}

function tell(key: string): void {
  problem = key;
  paintPhone();
}

/** What was told under a key that begins so is no longer true. */
export function clear(key: string): void {
  if (!problem.startsWith(key)) return;
  problem = "";
  paintPhone();
}
