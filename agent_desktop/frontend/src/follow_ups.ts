// What the agent has promised.
import "./common";
import { setUpListKeys } from "./list_keys";
import { followPromises } from "./promises";

setUpListKeys("#to-do > .to-do");
followPromises();
