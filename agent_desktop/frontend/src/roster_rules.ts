// The page on which the rules of rosters are edited: text, check by line, what changes, publishing, and bringing back.
import "./common";
import { Versions } from "./bring_back";
import { toVersions } from "./editing";
import { followPromises } from "./promises";
import { setUpWholeText, WholeText } from "./whole_text";
import { word } from "./words";

const api = "/api/planner/roster-rules";
const whole: WholeText = new WholeText(api, "roster-rules", "rules_published", "rules_shipped", { published: () => versions.refresh() });
const versions = new Versions(
  api,
  () => whole.number,
  () => void whole.takeTheirs().then(() => versions.refresh()),
);

setUpWholeText(whole, word("rules_publish"), { commands: () => [{ label: word("policy_versions"), key: "", run: toVersions }] });
whole.begin();
followPromises(); // supervisors look here too
