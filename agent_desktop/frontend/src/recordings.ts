// Recorded talks: the list of a day, and the players of one interaction.
import "./common";
import { followPromises } from "./promises";
import { setUpTalks } from "./talk_player";

setUpTalks();
followPromises();
