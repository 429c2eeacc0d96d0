// Headset and line before the shift: choose the devices, see the level, hear oneself, call the server's echo. What came of it stands in words.
import { post } from "./api";
import { clear, phoneHere, startPhone } from "./desk_phone";
import { levelOf } from "./e_model";
import { followLine, LineStory } from "./line_figures";
import { causeOf, figures } from "./line_quality";
import { microphoneProblem, openMicrophone } from "./microphone";
import { byId } from "./page";
import { choose, chosen, devices, present, useSpeaker, type Part } from "./sound_devices";
import { useChoice } from "./sound_watch";
import { judgeVoice, meterShare } from "./voice_level";
import { word } from "./words";

const recordMs = 3000;
const callS = 6;
const heardEnergy = 1e-5; // of six seconds of echo; silence gives less
const parts: readonly Part[] = ["microphone", "speaker"];

let stream: MediaStream | null = null;
let context: AudioContext | null = null;
let running = false;
let opened = 0; // counts openings, so that of two in a row the first is closed

const dialog = byId<HTMLDialogElement>("sound");
const audio = byId<HTMLAudioElement>("sound-audio");

/** Open the dialog, at rest. */
export function openSoundTest(): void {
  if (!dialog || dialog.open || document.querySelector("dialog[open]")) return;
  byId("sound-results")?.replaceChildren();
  dialog.showModal();
  byId("sound-start")?.focus();
  void listen();
}

/** Open the chosen microphone and show its level. */
async function listen(): Promise<void> {
  hush();
  const number = (opened += 1);
  try {
    const found = await openMicrophone();
    if (number !== opened || !dialog?.open) {
      for (const track of found.getTracks()) track.stop();
      return;
    }
    stream = found;
  } catch (error) {
    tell("bad", word(microphoneProblem(error)));
    return;
  }
  clear("mic_");
  void startPhone(); // it stays away as long as there is no microphone
  await Promise.all(parts.map(fill));
  context = new AudioContext();
  await context.resume().catch(() => undefined);
  const ear = context.createAnalyser();
  context.createMediaStreamSource(stream).connect(ear);
  const samples = new Float32Array(ear.fftSize);
  const meter = byId<HTMLMeterElement>("sound-level");
  const look = (): void => {
    if (!context || !meter) return;
    ear.getFloatTimeDomainData(samples);
    meter.value = meterShare(samples);
    window.requestAnimationFrame(look);
  };
  look();
}

function hush(): void {
  for (const track of stream?.getTracks() ?? []) track.stop();
  stream = null;
  void context?.close().catch(() => undefined);
  context = null;
  if (audio) audio.srcObject = null;
}

async function fill(part: Part): Promise<void> {
  const list = byId<HTMLSelectElement>(`sound-${part}`);
  if (!list) return;
  const there = await devices(part);
  const now = await present(part);
  const wanted = chosen(part);
  const rows = [new Option(word("device_system"), "", false, now === null && wanted === null)];
  rows.push(...there.map((device, at) => new Option(device.label || word("device_number", { number: String(at + 1) }), device.deviceId, false, device.deviceId === now?.deviceId)));
  if (wanted && !now) rows.push(new Option(word("device_away", { name: wanted.label }), wanted.id, false, true));
  list.replaceChildren(...rows);
}

/** One line of the result. */
function tell(kind: "good" | "fair" | "bad" | "wait", text: string): void {
  const results = byId("sound-results");
  if (!results) return;
  results.querySelector('[data-kind="wait"]')?.remove();
  const line = document.createElement("li");
  line.dataset["kind"] = kind;
  line.className = `sound__result sound__result--${kind}`;
  line.textContent = text;
  results.append(line);
}

async function record(): Promise<boolean> {
  if (!stream || !context || !audio) return false;
  tell("wait", word("sound_speak"));
  const pieces: Blob[] = [];
  const recorder = new MediaRecorder(stream);
  recorder.addEventListener("dataavailable", (event) => pieces.push(event.data));
  const stopped = new Promise((resolve) => recorder.addEventListener("stop", resolve, { once: true }));
  recorder.start();
  await pause(recordMs);
  recorder.stop();
  await stopped;
  const sound = await context.decodeAudioData(await new Blob(pieces).arrayBuffer());
  const voice = judgeVoice(sound.getChannelData(0), sound.sampleRate);
  tell(voice === "good" ? "good" : voice === "none" ? "bad" : "fair", word(`voice_${voice}`));
  if (voice === "none") return false;
  await play(sound);
  return true;
}

/** Through an element, so that it comes out of the chosen speaker. */
async function play(sound: AudioBuffer): Promise<void> {
  if (!context || !audio) return;
  tell("wait", word("sound_listen"));
  const [source, out] = [context.createBufferSource(), context.createMediaStreamDestination()];
  source.buffer = sound;
  source.connect(out);
  audio.srcObject = out.stream;
  const speaker = await useSpeaker(audio);
  await audio.play().catch(() => undefined);
  const over = new Promise((resolve) => source.addEventListener("ended", resolve, { once: true }));
  source.start();
  await over;
  audio.srcObject = null;
  tell("good", word("sound_played", { name: speaker || word("device_system") }));
}

async function callEcho(): Promise<void> {
  const phone = phoneHere();
  if (!stream || !audio) return;
  if (phone?.status !== "registered") return tell("bad", word("echo_no_phone"));
  tell("wait", word("echo_calls"));
  const story = new LineStory();
  let heard = 0;
  try {
    const test = await phone.callEcho(stream, audio);
    await new Promise<void>((resolve) => {
      let seconds = 0;
      const stop = followLine(test.connection, (second) => {
        story.take(second, false);
        heard += second.heard;
        seconds += 1;
        if (seconds < callS && dialog?.open && test.connection.connectionState !== "closed") return;
        stop();
        test.end();
        resolve();
      });
    });
  } catch {
    return tell("bad", word("echo_failed"));
  }
  const now = story.recent;
  if (!story.sum) return tell("bad", word("echo_silent"));
  tell(heard > heardEnergy ? "good" : "bad", word(heard > heardEnergy ? "echo_heard" : "echo_mute"));
  const level = levelOf(now.mos);
  tell(level, `${word("line_was", { level: word(`line_${level}`) })} ${figures(now)}${level === "good" ? "" : ` ${word(causeOf(now))}`}`);
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => window.setTimeout(resolve, ms));

async function run(...steps: (() => Promise<unknown>)[]): Promise<void> {
  if (running) return;
  running = true;
  byId("sound-results")?.replaceChildren();
  dialog?.setAttribute("data-test", "on");
  try {
    for (const step of steps) if (dialog?.open && (await step()) === false) break;
  } catch {
    tell("bad", word("failed"));
  } finally {
    byId("sound-results")?.querySelector('[data-kind="wait"]')?.remove();
    dialog?.setAttribute("data-test", "done");
    running = false;
  }
}

byId("sound-start")?.addEventListener("click", () => void run(record, callEcho));
byId("sound-call")?.addEventListener("click", () => void run(callEcho));
dialog?.addEventListener("close", hush);
for (const part of parts) {
  byId<HTMLSelectElement>(`sound-${part}`)?.addEventListener("change", (event) => {
    const list = event.target as HTMLSelectElement;
    choose(part, list.value, list.selectedOptions[0]?.label ?? "");
    void useChoice(phoneHere()).then(listen);
  });
}
navigator.mediaDevices?.addEventListener("devicechange", () => {
  if (dialog?.open) void Promise.all(parts.map(fill));
});
const kinds = [...(dialog?.querySelectorAll<HTMLInputElement>("[name=phone-kind]") ?? [])];
for (const radio of kinds) {
  radio.addEventListener("change", () => {
    post("/api/phone-kind", { kind: radio.value }).then(
      () => window.location.reload(), // the page is another one: with a phone of its own, or without
      (error: unknown) => {
        for (const each of kinds) each.checked = each.defaultChecked; // refused: the phone is the one that it was
        tell("bad", error instanceof Error ? error.message : word("failed"));
      },
    );
  });
}
