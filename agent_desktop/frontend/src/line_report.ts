// Telling the server how a talk's line was. A report that could not be sent is kept in this browser and goes with the next page.
import { post, Problem } from "./api";
import type { LineSum } from "./line_figures";

const shelf = "halo-line-reports";
const most = 20;
const againMs = 15_000;
let timer = 0;

interface Report {
  interaction_id: string;
  seconds: number;
  mos: number;
  worst: number;
  loss_in: number;
  loss_out: number;
  jitter_ms: number;
  round_trip_ms: number;
  bad_s: number;
  silent_s: number;
  key: string;
}

function left(): Report[] {
  try {
    const found: unknown = JSON.parse(window.localStorage.getItem(shelf) ?? "[]");
    return Array.isArray(found) ? (found as Report[]).slice(-most) : [];
  } catch {
    return [];
  }
}

function put(reports: readonly Report[]): void {
  try {
    window.localStorage.setItem(shelf, JSON.stringify(reports.slice(-most)));
  } catch {
    return; // a browser without storage tells once, or never
  }
}

/** Keep the sum of a talk's line, and send it. */
export function reportLine(interaction: string, sum: LineSum | null): void {
  if (!sum || !interaction) return;
  const { seconds, mos, worst, lossIn, lossOut, jitterMs, roundTripMs, badS, silentS } = sum;
  const report = {
    interaction_id: interaction, seconds, mos, worst, loss_in: lossIn, loss_out: lossOut, jitter_ms: jitterMs, round_trip_ms: roundTripMs,
    bad_s: badS, silent_s: silentS, key: crypto.randomUUID(),
  };
  put([...left(), report]);
  void sendLineReports();
}

/** Send what is kept. What the server does not take is forgotten; while it is away, it is sent again later. */
export async function sendLineReports(): Promise<void> {
  window.clearTimeout(timer);
  for (const report of left()) {
    try {
      await post("/api/line-report", report, true);
    } catch (error) {
      if (error instanceof Problem && error.retryable) {
        timer = window.setTimeout(() => void sendLineReports(), againMs);
        return;
      }
    }
    put(left().filter((other) => other.key !== report.key));
  }
}
