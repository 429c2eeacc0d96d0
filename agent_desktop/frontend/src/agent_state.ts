// The agent's state as the page knows it.
import { setServerTime } from "./clock";

/** As /api/state and the stream send it. */
export interface AgentFacts {
  state: "OFFLINE" | "NOT_READY" | "READY" | "RESERVED" | "RINGING" | "TALKING" | "WRAP_UP";
  kind: string;
  words: string;
  reason: string;
  since: string;
  deadline: string;
  held_since: string;
  interaction: string;
  token: number;
  dialled: boolean;
  phone_up: boolean;
  now: string;
}

export const body = document.body;

/** The state with which the page was loaded. */
export const factsAtFirst = JSON.parse(body.dataset["facts"] ?? "{}") as AgentFacts;

/** The state in force, from the page's own attributes. */
export function state(): AgentFacts["state"] {
  return (body.dataset["agentState"] ?? "OFFLINE") as AgentFacts["state"];
}

/** The interaction in hand, "" for none. */
export function interaction(): string {
  return body.dataset["interaction"] ?? "";
}

/** Whether this caller hears music, as the server knows it. */
export const isHeld = (id: string): boolean => id !== "" && interaction() === id && Boolean(body.dataset["heldSince"]);

/** Whether the agent themselves has had this call made. */
export const isDialled = (id: string): boolean => id !== "" && body.dataset["dialled"] === id;

/** Take new facts over into the page's attributes. */
export function setFacts(facts: AgentFacts): void {
  setServerTime(facts.now);
  body.dataset["agentState"] = facts.state;
  body.dataset["kind"] = facts.kind;
  body.dataset["interaction"] = facts.interaction;
  body.dataset["heldSince"] = facts.held_since;
  body.dataset["dialled"] = facts.dialled ? facts.interaction : "";
}
