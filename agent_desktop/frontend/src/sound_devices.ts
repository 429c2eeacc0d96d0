// Which microphone and which speaker: kept in this browser; what is not plugged in gives way to another one, and is offered when it is back.

export type Part = "microphone" | "speaker";

interface Choice {
  id: string;
  label: string;
}

const kinds = { microphone: "audioinput", speaker: "audiooutput" } as const;
const shelf = (part: Part): string => `halo-${part}`;
const systemIds = new Set(["", "default", "communications"]); // "whatever the system takes": a name for a device that is listed beside it

/** What was chosen in this browser; null: as the system has it. */
export function chosen(part: Part): Choice | null {
  try {
    const found = JSON.parse(window.localStorage.getItem(shelf(part)) ?? "null") as Choice | null;
    return found && typeof found.id === "string" && typeof found.label === "string" ? found : null;
  } catch {
    return null;
  }
}

/** Choose a device; "" leaves it to the system. */
export function choose(part: Part, id: string, label: string): void {
  try {
    if (systemIds.has(id)) window.localStorage.removeItem(shelf(part));
    else window.localStorage.setItem(shelf(part), JSON.stringify({ id, label }));
  } catch {
    return; // a browser without storage asks again next time
  }
}

/** The devices that are plugged in, without the system's names for one of them. Empty before the microphone was allowed. */
export async function devices(part: Part): Promise<MediaDeviceInfo[]> {
  if (!navigator.mediaDevices) return [];
  const all = await navigator.mediaDevices.enumerateDevices();
  return all.filter((device) => device.kind === kinds[part] && !systemIds.has(device.deviceId));
}

/** Whether any microphone is plugged in, even one that the page may not use. */
export async function anyMicrophone(): Promise<boolean> {
  return (await navigator.mediaDevices.enumerateDevices()).some((device) => device.kind === kinds.microphone);
}

/** The chosen device as it is plugged in now: by its id, else, since browsers renew ids, by its name; null: none is, or none was chosen. */
export async function present(part: Part): Promise<MediaDeviceInfo | null> {
  const wanted = chosen(part);
  if (!wanted) return null;
  const there = await devices(part);
  return there.find((device) => device.deviceId === wanted.id) ?? there.find((device) => device.label !== "" && device.label === wanted.label) ?? null;
}

/** Have `element` play through the chosen speaker, or the system's while that is away. Returns the device's name, "" for the system's. */
export async function useSpeaker(element: HTMLAudioElement): Promise<string> {
  const speaker = await present("speaker");
  const id = speaker?.deviceId ?? "";
  if ("setSinkId" in element && element.sinkId !== id) await element.setSinkId(id).catch(() => element.setSinkId("").catch(() => undefined));
  return speaker?.label ?? "";
}
