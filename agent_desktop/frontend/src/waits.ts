// The day's longest waits, and the story of one.
import "./common";
import { followPromises } from "./promises";

followPromises(); // supervisors look here too
