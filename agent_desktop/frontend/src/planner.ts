// The planner's page: a bar and its row in the table light up together.
import "./common";
import { all } from "./page";
import { followPromises } from "./promises";

document.addEventListener("pointerover", (event) => {
  const slot = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-slot]")?.dataset["slot"] : undefined;
  for (const marked of all("[data-slot]")) marked.classList.toggle("marked", slot !== undefined && marked.dataset["slot"] === slot);
});

followPromises(); // supervisors look here too
