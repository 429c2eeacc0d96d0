// Opening the microphone, and what to tell when it can't be opened.

/** The key of the words for why there is no microphone. */
export function microphoneProblem(error: unknown): string {
  const name = error instanceof DOMException ? error.name : "";
  if (name === "NotAllowedError" || name === "SecurityError") return "mic_denied";
  if (name === "NotFoundError" || name === "OverconstrainedError") return "mic_missing";
  if (name === "NotReadableError" || name === "AbortError") return "mic_busy";
  return "mic_insecure";
}

/** The microphone's stream. Rejects as the browser does, and when this address gets none. */
export async function openMicrophone(): Promise<MediaStream> {
  if (!navigator.mediaDevices) throw new Error("no media devices on this address");
  return navigator.mediaDevices.getUserMedia({ audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true } });
}
