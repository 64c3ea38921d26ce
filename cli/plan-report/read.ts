import { isObject, type Json, parsedJson } from "../../provider/core/data/values.ts";
import type { Plan } from "./plan.ts";
import { isEvent, planOfEvents, planOfPreview } from "./pulumi.ts";
import { isMessage, planOfMessages, planOfShow } from "./terraform.ts";

const takes =
  "give the output of pulumi preview --json, of terraform plan -json, or of terraform show -json of a saved plan";

/** What a file says, whichever tool wrote it. @throws Error with a message for whoever gave it */
export function readPlan(text: string): Plan {
  const whole = parsedJson(text);
  if (isObject(whole)) return planOfObject(whole);
  const lines = text
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map(parsedJson)
    .filter(isObject);
  // Something beside the tool may have written to the same file.
  const [events, messages] = [lines.filter(isEvent), lines.filter(isMessage)];
  if (events.length > 0) return planOfEvents(events);
  if (messages.length > 0) return planOfMessages(messages);
  throw new Error(`this is no plan: ${takes}`);
}

function planOfObject(whole: Json): Plan {
  if ("resourcePlans" in whole)
    throw new Error(`this is a plan for pulumi up --plan, which holds no messages: ${takes}`);
  if ("deployment" in whole) throw new Error(`this is a stack export: ${takes}`);
  if ("steps" in whole || "changeSummary" in whole || "diagnostics" in whole) return planOfPreview(whole);
  if ("format_version" in whole) {
    if ("resource_changes" in whole || "planned_values" in whole) return planOfShow(whole);
    throw new Error(`this is the state, and no plan: ${takes}`);
  }
  if (isMessage(whole)) return planOfMessages([whole]);
  if (isEvent(whole)) return planOfEvents([whole]);
  throw new Error(`this is no plan: ${takes}`);
}
