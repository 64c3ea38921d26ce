import { clock, type Memory } from "../../provider/index.ts";

/**
 * What Terraform keeps beside a resource's state and never shows: the lifecycle's memory, and a name for the resource, since Terraform
 * tells a provider no addresses. It is made when the resource is planned to be created.
 */
export interface PrivateData {
  resource: string;
  memory?: Memory;
  /** In the plan of what is to be made: the same of what may be deleted for it. */
  replaced?: ReplacedData[];
}

export interface ReplacedData {
  /** Names the state that it belongs to; absent where no other can be meant. */
  state?: string;
  data: Pick<PrivateData, "resource" | "memory">;
}

export function readPrivate(bytes: Uint8Array | undefined): Partial<PrivateData> {
  return bytes?.length ? (JSON.parse(Buffer.from(bytes).toString()) as PrivateData) : {};
}

export function writePrivate(data: PrivateData): Buffer {
  return Buffer.from(JSON.stringify(data));
}

/** What stands behind the colons is what messages call it. */
export function newName(typeName: string): string {
  const digits = `${clock.now().toString(36)}-${clock.random().toString(36).slice(2)}`;
  return `${digits}::another ${typeName}`;
}
