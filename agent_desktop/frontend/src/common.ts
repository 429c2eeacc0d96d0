// What every page does.
import "./theme";
import { all } from "./page";

for (const old of all("#toasts .toast")) window.setTimeout(() => old.remove(), 6000);
