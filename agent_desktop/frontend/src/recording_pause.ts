// The recording of the talk in hand: paused while nobody may keep what is said, and never forgotten in that.
import { serverNow } from "./clock";
import { order } from "./hand_over";
import { all, byId } from "./page";
import type { Command } from "./palette";
import { playReminder } from "./ringer";
import { toast } from "./toast";
import { word } from "./words";

const remindBeforeMs = 15_000;
let reminder = 0;
let until = ""; // of the pause for which the reminder is set

const button = (): HTMLElement | undefined => all("#work [data-record]")[0];

/** Pause, or go on. Nothing happens when the talk is not recorded. */
export function toggleRecording(): void {
  const step = button()?.dataset["record"];
  if (step) void order(`/api/recording/${step}`, {});
}

/** What can be done about the recording now. */
export function recordingCommands(): Command[] {
  const step = button()?.dataset["record"];
  if (!step) return [];
  return [
    { label: word(step === "pause" ? "do_pause_recording" : "do_record_on"), key: "Alt R", run: toggleRecording },
    { label: word("do_refuse_recording"), key: "", run: () => void order("/api/recording/refuse", {}) },
  ];
}

/** The page was painted anew: a pause that ends by itself is announced before. */
export function watchPause(): void {
  const ends = byId("recording-left")?.dataset["deadline"] ?? "";
  if (ends === until) return;
  until = ends;
  window.clearTimeout(reminder);
  if (!ends) return;
  reminder = window.setTimeout(remind, Math.max(0, Date.parse(ends) - serverNow() - remindBeforeMs));
}

function remind(): void {
  say(word("recording_soon"));
  playReminder();
}

/** What became of the recording, as the stream tells it. */
export function recordingTold(kind: string, why: string): void {
  if (kind === "RecordingPaused") say(word("recording_paused"));
  else if (kind === "RecordingRefused") say(word("recording_refused"));
  else if (kind === "RecordingResumed" && why !== "over") say(word("recording_on"));
}

function say(text: string): void {
  toast(text);
  const announcer = byId("announcer");
  if (announcer) announcer.textContent = text;
}
