// The ringing tone, made here: two soft notes, every two seconds. Silent while the browser allows the page no sound.

let context: AudioContext | null = null;
let timer = 0;

// A browser lets a page sound only after it was used once: any key or click will do.
for (const kind of ["pointerdown", "keydown"] as const) {
  document.addEventListener(kind, () => void prepare()?.resume().catch(() => undefined), { once: true });
}

function prepare(): AudioContext | null {
  try {
    context ??= new AudioContext();
  } catch {
    return null; // a machine without sound: the page still shows the call
  }
  return context;
}

function note(audio: AudioContext, frequency: number, start: number, length: number): void {
  const tone = audio.createOscillator();
  const volume = audio.createGain();
  tone.type = "sine";
  tone.frequency.value = frequency;
  volume.gain.setValueAtTime(0, start);
  volume.gain.linearRampToValueAtTime(0.16, start + 0.03);
  volume.gain.exponentialRampToValueAtTime(0.001, start + length);
  tone.connect(volume).connect(audio.destination);
  tone.start(start);
  tone.stop(start + length);
}

function ringOnce(): void {
  const audio = prepare();
  if (!audio || audio.state !== "running") return;
  note(audio, 740, audio.currentTime, 0.45);
  note(audio, 988, audio.currentTime + 0.22, 0.6);
}

/** Ring until told to stop. */
export function startRinging(): void {
  if (timer) return;
  ringOnce();
  timer = window.setInterval(ringOnce, 2000);
}

/** Be quiet. */
export function stopRinging(): void {
  window.clearInterval(timer);
  timer = 0;
}

/** One soft note: something waits. */
export function playReminder(): void {
  const audio = prepare();
  if (audio?.state === "running") note(audio, 587, audio.currentTime, 0.5);
}
