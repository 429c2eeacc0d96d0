// Hearing a recorded talk: play, seek, speed, by mouse and by key. The sound is fetched when it is asked for, and not before.
import { clockText } from "./clock";
import { all, typing } from "./page";

const stepS = 5;
const speeds = [0.75, 1, 1.25, 1.5, 2];

function part<Kind extends Element>(talk: HTMLElement, selector: string): Kind | null {
  return talk.querySelector<Kind>(selector);
}

function paint(talk: HTMLElement, audio: HTMLAudioElement): void {
  const lengthS = Number(talk.dataset["length"]);
  const at = audio.currentTime;
  const text = part<HTMLElement>(talk, "[data-at]");
  if (text) text.textContent = clockText(at);
  const seek = part<HTMLInputElement>(talk, ".talk__seek");
  if (seek) {
    seek.value = String(at);
    seek.setAttribute("aria-valuetext", clockText(at));
  }
  const wide = part<SVGSVGElement>(talk, ".talk__wave")?.viewBox.baseVal.width ?? 0;
  const x = String(lengthS ? (at / lengthS) * wide : 0);
  const cursor = part<SVGLineElement>(talk, ".talk__cursor");
  cursor?.setAttribute("x1", x);
  cursor?.setAttribute("x2", x);
  const play = part<HTMLElement>(talk, "[data-play]");
  play?.setAttribute("aria-pressed", String(!audio.paused));
  const words = part<HTMLElement>(talk, "[data-play-words]");
  if (!words) return;
  words.dataset["play"] ??= words.textContent;
  words.textContent = (audio.paused ? words.dataset["play"] : words.dataset["stop"]) ?? "";
}

function seekTo(talk: HTMLElement, audio: HTMLAudioElement, second: number): void {
  audio.currentTime = Math.min(Math.max(0, second), Number(talk.dataset["length"]));
  paint(talk, audio);
}

function toggle(talk: HTMLElement, audio: HTMLAudioElement): void {
  if (!audio.paused) {
    audio.pause();
    return;
  }
  for (const other of all<HTMLAudioElement>("[data-talk] audio")) if (other !== audio) other.pause();
  audio.play().catch(() => {
    const problem = part<HTMLElement>(talk, "[data-problem]");
    if (problem) problem.hidden = false;
  });
}

function changeSpeed(talk: HTMLElement, audio: HTMLAudioElement, step: number): void {
  const chosen = part<HTMLSelectElement>(talk, "[data-speed]");
  const next = speeds[speeds.indexOf(audio.playbackRate) + step];
  if (!chosen || next === undefined) return;
  chosen.value = String(next);
  audio.playbackRate = next;
}

function onKey(event: KeyboardEvent, talk: HTMLElement, audio: HTMLAudioElement): void {
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  const target = event.target instanceof HTMLElement ? event.target : null;
  const seeks = target?.matches(".talk__seek") ?? false;
  if (typing(target) && !seeks) return;
  if (event.key === " " && (seeks || !target?.matches("a, button:not([data-play])"))) toggle(talk, audio);
  else if (event.key === "ArrowLeft") seekTo(talk, audio, audio.currentTime - stepS);
  else if (event.key === "ArrowRight") seekTo(talk, audio, audio.currentTime + stepS);
  else if (event.key === "ArrowUp" && seeks) changeSpeed(talk, audio, 1);
  else if (event.key === "ArrowDown" && seeks) changeSpeed(talk, audio, -1);
  else return;
  event.preventDefault();
}

function onClick(event: MouseEvent, talk: HTMLElement, audio: HTMLAudioElement): void {
  const button = event.target instanceof Element ? event.target.closest<HTMLElement>("button") : null;
  if (!button) return;
  const { play, back, on, jump } = button.dataset;
  if (play !== undefined) toggle(talk, audio);
  else if (back !== undefined) seekTo(talk, audio, audio.currentTime - stepS);
  else if (on !== undefined) seekTo(talk, audio, audio.currentTime + stepS);
  else if (jump !== undefined) seekTo(talk, audio, Number(jump));
}

/** Bring every player of the page to life. */
export function setUpTalks(): void {
  for (const talk of all("[data-talk]")) {
    const audio = part<HTMLAudioElement>(talk, "audio");
    if (!audio) continue;
    for (const change of ["timeupdate", "play", "pause", "ended", "seeked"]) audio.addEventListener(change, () => paint(talk, audio));
    talk.addEventListener("click", (event) => onClick(event, talk, audio));
    talk.addEventListener("keydown", (event) => onKey(event, talk, audio));
    const seek = part<HTMLInputElement>(talk, ".talk__seek");
    seek?.addEventListener("input", () => seekTo(talk, audio, Number(seek.value)));
    const speed = part<HTMLSelectElement>(talk, "[data-speed]");
    speed?.addEventListener("change", () => (audio.playbackRate = Number(speed.value)));
  }
  document.addEventListener("keydown", (event) => {
    // With the focus nowhere in particular, the space bar plays the first talk.
    const first = all("[data-talk]")[0];
    const audio = first && part<HTMLAudioElement>(first, "audio");
    const nowhere = event.target === document.body || (event.target instanceof HTMLElement && event.target.id === "main");
    if (!first || !audio || !nowhere) return;
    if (event.key === " " || event.key === "ArrowLeft" || event.key === "ArrowRight") onKey(event, first, audio);
  });
}
