// Merging two records of one person, and parting them again: one press each, since either can be undone.
import { post } from "./api";
import { sayProblem } from "./customer_form";
import { above } from "./page";
import { toast } from "./toast";
import { word } from "./words";

interface Merged {
  html: string;
  merge?: number;
}

/** Do what the buttons for merging and parting say; `show` what the server answers. */
export function followMerges(show: (html: string) => void): void {
  document.addEventListener("click", (event) => {
    const merge = above(event.target, "[data-merge]");
    const part = above(event.target, "[data-part]");
    if (merge) {
      const kept = merge.dataset["into"] ?? document.body.dataset["customer"] ?? "";
      void ask(`/api/customers/${kept}/merge`, { away: Number(merge.dataset["merge"]) }, show);
    } else if (part) void ask(`/api/merges/${part.dataset["part"] ?? ""}/undo`, {}, show);
  });
}

async function ask(path: string, body: object, show: (html: string) => void): Promise<void> {
  try {
    const answer = await post<Merged>(path, body);
    show(answer.html);
    const { merge } = answer;
    if (merge === undefined) toast(word("customer_parted"));
    else toast(word("customer_merged"), { label: word("customer_undo"), run: () => void ask(`/api/merges/${merge}/undo`, {}, show) });
  } catch (error) {
    sayProblem(error);
  }
}
