// Devices that are unplugged and plugged in again: in a call another one takes over at once, and the agent is told.
import { byId } from "./page";
import type { Phone } from "./phone";
import { anyMicrophone, chosen, devices, present, useSpeaker } from "./sound_devices";
import { toast } from "./toast";
import { word } from "./words";

interface Watched {
  phone: () => Phone | null;
  /** No microphone is plugged in any more; or one is. */
  none: () => void;
  some: () => void;
}

let settling = Promise.resolve();
let had = { microphone: true, speaker: true }; // whether the chosen ones were there at the last look

/** Say it, to screen readers too. */
function say(text: string, action?: { label: string; run: () => void }): void {
  toast(text, action);
  const announcer = byId("announcer");
  if (announcer) announcer.textContent = text;
}

async function takeOver(phone: Phone, key: string): Promise<void> {
  try {
    const name = await phone.changeMicrophone();
    if (name) say(word(key, { name }));
  } catch {
    say(word("mic_gone_in_call"));
  }
}

async function settleMicrophone(phone: Phone | null): Promise<void> {
  const [wanted, there] = [chosen("microphone"), await present("microphone")];
  const track = phone?.track ?? null;
  const back = wanted !== null && there !== null && !had.microphone;
  had.microphone = wanted === null || there !== null;
  if (phone && track) {
    const used = track.getSettings().deviceId ?? "";
    const all = await devices("microphone");
    const lost = track.readyState === "ended" || (used !== "" && used !== "default" && !all.some((device) => device.deviceId === used));
    if (lost) await takeOver(phone, "mic_fell_over");
    else if (back && there && used !== there.deviceId) {
      say(word("device_back", { name: there.label }), { label: word("use_it"), run: () => void takeOver(phone, "mic_changed") });
    }
  } else if (back && there) say(word("device_back_next", { name: there.label }));
}

async function settleSpeaker(): Promise<void> {
  const audio = byId<HTMLAudioElement>("remote-audio");
  const wanted = chosen("speaker");
  if (!audio || !wanted) return;
  const name = await useSpeaker(audio);
  if (!name && had.speaker) say(word("speaker_fell_over", { name: wanted.label }));
  if (name && !had.speaker) say(word("speaker_back", { name }));
  had.speaker = name !== "";
}

async function settle({ phone, none, some }: Watched): Promise<void> {
  if (await anyMicrophone()) some();
  else none();
  await settleMicrophone(phone());
  await settleSpeaker();
}

/** Look whenever a device comes or goes, one look after the other. */
export function watchSound(watched: Watched): void {
  navigator.mediaDevices?.addEventListener("devicechange", () => {
    settling = settling.then(() => settle(watched)).catch(() => undefined);
  });
}

/** A choice was changed by hand: what is chosen now counts as seen, and the call in hand takes it over. */
export async function useChoice(phone: Phone | null): Promise<void> {
  had = { microphone: (await present("microphone")) !== null || !chosen("microphone"), speaker: (await present("speaker")) !== null || !chosen("speaker") };
  const audio = byId<HTMLAudioElement>("remote-audio");
  if (audio) await useSpeaker(audio);
  if (phone?.track) await takeOver(phone, "mic_changed");
}
