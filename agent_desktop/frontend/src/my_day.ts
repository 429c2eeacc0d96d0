// My day: kept up to date while somebody looks at it.
import "./common";
import { getHtml } from "./api";
import { byId } from "./page";
import { replace } from "./work_area";

const everyMs = 30_000;
const { day, live } = document.body.dataset;

async function look(): Promise<void> {
  const box = byId("my-day");
  if (!box || !live || document.visibilityState !== "visible") return;
  const html = await getHtml(`/my-day/content?day=${day ?? ""}`).catch(() => null); // the network is away: the next look shows it
  if (html !== null) replace(box, html);
}

window.setInterval(() => void look(), everyMs);
document.addEventListener("visibilitychange", () => void look());
