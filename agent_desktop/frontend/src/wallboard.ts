// The supervisors' wallboard: the server pushes it whenever something changed.
import "./common";
import { setServerTime, startClock } from "./clock";
import { byId } from "./page";
import { followPromises } from "./promises";
import { Stream } from "./stream";
import { replace } from "./work_area";

const board = byId("board");

setServerTime(document.body.dataset["now"] ?? "");
new Stream(() => "/events", {
  on: {
    board: (message: { html: string; now: string }) => {
      setServerTime(message.now);
      if (board) replace(board, message.html);
    },
    over: () => window.location.reload(),
    unavailable: () => undefined,
  },
  connected(yes) {
    const live = byId("live");
    if (live) live.dataset["live"] = yes ? "on" : "off";
  },
});
startClock();
followPromises();
