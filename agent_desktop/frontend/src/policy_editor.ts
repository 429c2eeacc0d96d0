// The page on which the policy is edited: text, check, what changes, a day played under it, publishing.
import "./common";
import { byId } from "./page";
import { Preview } from "./policy_preview";
import { followPromises } from "./promises";
import { Stream } from "./stream";
import { setUpWholeText, WholeText } from "./whole_text";
import { word } from "./words";

interface Pushed {
  number: number;
  by: string;
  note: string;
}

const whole: WholeText = new WholeText("/api/policy", "policy", "policy_published", "policy_shipped", {
  touched: () => preview.touched(),
  checked: (readable) => {
    const button = byId<HTMLButtonElement>("preview-now");
    if (button) button.disabled = !readable;
  },
});
const preview: Preview = new Preview(() => whole.text.text);

setUpWholeText(whole, word("policy_publish"), {
  keys: { F9: () => void preview.ask() },
  commands: () => [
    { label: word("policy_play"), key: "F9", run: () => void preview.ask() },
    { label: word("policy_versions"), key: "", run: () => window.location.assign("/policy#versions") },
  ],
});
whole.begin();
preview.goOn();
new Stream(() => "/events/policy", {
  on: {
    policy: ({ number, by, note }: Pushed) => void whole.cameInForce(number, by, note),
    over: () => window.location.reload(),
    unavailable: () => undefined,
  },
  connected: (yes) => {
    document.body.dataset["stream"] = yes ? "on" : "off";
  },
});
followPromises();
