// The lists of tickets.
import "./common";
import { setUpListKeys } from "./list_keys";
import { all } from "./page";
import { callNumbers } from "./dial_page";
import { followPromises } from "./promises";

const lists = all<HTMLElement>("[data-view]");
setUpListKeys(".ticket-row", Object.fromEntries(lists.map((list) => [list.dataset["view"] ?? "", () => list.click()])));
for (const select of all<HTMLSelectElement>(".tickets__find select")) select.addEventListener("change", () => select.form?.requestSubmit());
callNumbers();
followPromises();
