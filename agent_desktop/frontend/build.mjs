// Bundles the pages' scripts and styles into ../static/dist. Nothing is loaded from elsewhere at run time.
import { build } from "esbuild";
import { rm } from "node:fs/promises";

const outdir = "../static/dist";
await rm(outdir, { recursive: true, force: true });
await build({
  entryPoints: {
    common: "src/common.ts",
    desk: "src/desk.ts",
    wallboard: "src/wallboard.ts",
    planner: "src/planner.ts",
    planning: "src/planning.ts",
    the_day: "src/the_day.ts",
    waits: "src/waits.ts",
    skills: "src/skills.ts",
    hours: "src/hours.ts",
    callbacks: "src/callbacks.ts",
    customer: "src/customer.ts",
    customers: "src/customers.ts",
    tickets: "src/tickets.ts",
    ticket: "src/ticket.ts",
    follow_ups: "src/follow_ups.ts",
    my_day: "src/my_day.ts",
    knowledge: "src/knowledge.ts",
    flows: "src/flows.ts",
    flow_editor: "src/flow_editor.ts",
    recordings: "src/recordings.ts",
    policy: "src/policy.ts",
    policy_editor: "src/policy_editor.ts",
    scripts: "src/scripts.ts",
    script_editor: "src/script_editor.ts",
    halo: "src/styles/halo.css",
  },
  outdir,
  bundle: true,
  splitting: true,
  format: "esm",
  target: ["es2022"],
  minify: true,
  sourcemap: false,
  chunkNames: "parts/[name]-[hash]",
  define: { global: "globalThis" },
  legalComments: "linked",
  logLevel: "warning",
});
