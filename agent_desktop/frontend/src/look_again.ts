// The page of an outage: asks whether the records are back, and then loads what was wanted.
import "./common";

const BETWEEN_MS = 3000;
const SPREAD_MS = 2000; // so that a whole floor does not come back in the same instant

/** Whether Halo has everything again that its pages need. */
async function isBack(): Promise<boolean> {
  try {
    return (await fetch("/health", { cache: "no-store" })).ok;
  } catch {
    return false; // the pages themselves are away
  }
}

async function look(): Promise<void> {
  if (await isBack()) window.location.reload();
  else lookLater();
}

function lookLater(): void {
  window.setTimeout(() => void look(), BETWEEN_MS + Math.random() * SPREAD_MS);
}

lookLater();
