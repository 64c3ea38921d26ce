import type { System } from "../../../provider/core/connection/settings.ts";

/** What neither types nor specs say of a system, in Markdown. */
export interface Notes {
  system: System;
  intro: string;
  /** By class name. */
  resources: Record<string, ResourceNotes>;
  /** By class name. */
  components: Record<string, string>;
}

export interface ResourceNotes {
  onDelete: string;
  /** By input: what a change of it does, where the kind of the resource leaves that open. */
  onChange?: Record<string, string>;
}
