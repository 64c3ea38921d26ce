import { isObject, type Json, parsedJson } from "../../provider/core/data/values.ts";
import type { Plan } from "./plan.ts";
import { isEvent, isLastEvent, planOfEvents, planOfPreview } from "./pulumi.ts";
import { isLastMessage, isMessage, planOfMessages, planOfShow } from "./terraform.ts";

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
  if (events.length > 0) return unlessCut(planOfEvents(events), events.some(isLastEvent));
  if (messages.length > 0) return unlessCut(planOfMessages(messages), messages.some(isLastMessage));
  throw new Error(`this is no plan: ${takes}`);
}

/** What is missing may be what is to be sent. @throws Error where the file broke off; with an error in it nothing is carried out anyway */
function unlessCut(plan: Plan, isWhole: boolean): Plan {
  if (isWhole || [plan, ...plan.resources].some(({ errors }) => errors.length > 0)) return plan;
  throw new Error(
    "this breaks off before its end, and what is missing may be what is to be sent: give the whole output",
  );
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
  if (isMessage(whole)) return unlessCut(planOfMessages([whole]), isLastMessage(whole));
  if (isEvent(whole)) return unlessCut(planOfEvents([whole]), isLastEvent(whole));
  throw new Error(`this is no plan: ${takes}`);
}
