// What the agent has promised.
import "./common";
import { setUpListKeys } from "./list_keys";
import { callNumbers } from "./dial_page";
import { followPromises } from "./promises";

setUpListKeys("#to-do > .to-do");
callNumbers();
followPromises();
