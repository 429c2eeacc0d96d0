// Opening the microphone, and what to tell when it can't be opened.
import { present } from "./sound_devices";

/** The key of the words for why there is no microphone. */
export function microphoneProblem(error: unknown): string {
  const name = error instanceof DOMException ? error.name : "";
  if (name === "NotAllowedError" || name === "SecurityError") return "mic_denied";
  if (name === "NotFoundError" || name === "OverconstrainedError") return "mic_missing";
  if (name === "NotReadableError" || name === "AbortError") return "mic_busy";
  return "mic_insecure";
}

const openWithinMs = 2500; // a device that hangs must keep no caller waiting
const clean = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };

/** The stream of the chosen microphone, of another one while that is away or does not open. Rejects as the browser does, and when this
 * address gets none. */
export async function openMicrophone(): Promise<MediaStream> {
  if (!navigator.mediaDevices) throw new Error("no media devices on this address");
  const wanted = await present("microphone");
  if (wanted) {
    try {
      return await inTime(navigator.mediaDevices.getUserMedia({ audio: { ...clean, deviceId: { exact: wanted.deviceId } } }));
    } catch (error) {
      if (microphoneProblem(error) === "mic_denied") throw error;
    }
  }
  return navigator.mediaDevices.getUserMedia({ audio: clean });
}

/** The stream, if it opens in time; one that opens later is closed again. */
function inTime(opening: Promise<MediaStream>): Promise<MediaStream> {
  return new Promise((resolve, reject) => {
    const late = window.setTimeout(() => {
      reject(new DOMException("it does not open", "AbortError"));
      void opening.then((stream) => stream.getTracks().forEach((track) => track.stop()), () => undefined);
    }, openWithinMs);
    opening.then(resolve, reject).finally(() => window.clearTimeout(late));
  });
}

/** The name of the microphone that a stream comes from. */
export const nameOf = (stream: MediaStream): string => stream.getAudioTracks()[0]?.label ?? "";
