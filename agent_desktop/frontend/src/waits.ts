// Pages that are only looked at: the day's longest waits, the story of one, and offers.
import "./common";
import { followPromises } from "./promises";

followPromises(); // supervisors look here too
