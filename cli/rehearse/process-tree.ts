import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";

export interface ProcessEntry {
  pid: number;
  parent: number;
  /** Dead, and only waiting for its parent to notice. */
  isZombie: boolean;
  /** The command line. */
  command: string;
}

/**
 * Kills a process and everything it started, with SIGKILL, and waits until all of it is dead. Pulumi's engine puts its plugins into
 * process groups of their own, so killing the group of the CLI is not enough: the tree is walked by parent ids, stopped first so
 * that it does not grow meanwhile.
 */
export async function killTree(root: number): Promise<void> {
  const stopped = new Set<number>();
  for (;;) {
    const tree = [root, ...(await listDescendants(root)).map(({ pid }) => pid)];
    const running = tree.filter((pid) => !stopped.has(pid));
    if (running.length === 0) break;
    for (const pid of running) signalProcess(pid, "SIGSTOP");
    for (const pid of running) stopped.add(pid);
  }
  for (const pid of stopped) signalProcess(pid, "SIGKILL");
  while ((await listRunning([...stopped])).length > 0) await sleep(20);
}

/** Everything that a process has started and that is still there; nothing when the process itself is gone. */
export async function listDescendants(root: number): Promise<ProcessEntry[]> {
  const processes = await listProcesses();
  const descendants: ProcessEntry[] = [];
  const parents = new Set([root]);
  for (let found = -1; found !== descendants.length; ) {
    found = descendants.length;
    const children = processes.filter(({ pid, parent }) => parents.has(parent) && !parents.has(pid));
    descendants.push(...children);
    for (const { pid } of children) parents.add(pid);
  }
  return descendants;
}

/** Those of the processes that run. */
export async function listRunning(pids: number[]): Promise<number[]> {
  const processes = await listProcesses();
  return processes.filter(({ pid, isZombie }) => pids.includes(pid) && !isZombie).map(({ pid }) => pid);
}

/** Sends a signal; that the process is gone already is fine. */
export function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

// Linux's own table where there is one: slim container images have no `ps`.
async function listProcesses(): Promise<ProcessEntry[]> {
  if (process.platform !== "linux")
    return parsePs((await promisify(execFile)("ps", ["-A", "-o", "pid=,ppid=,stat=,args="])).stdout);
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const entries = await Promise.all(pids.map((pid) => readLinuxProcess(pid).catch(() => undefined)));
  return entries.filter((entry) => entry !== undefined);
}

async function readLinuxProcess(pid: string): Promise<ProcessEntry> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8");
  // "4711 (name) S 4710 ...": the name may itself hold blanks and brackets.
  const [state, parent] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const command = (await readFile(`/proc/${pid}/cmdline`, "utf8")).replaceAll("\0", " ").trim();
  return { pid: Number(pid), parent: Number(parent), isZombie: state === "Z", command };
}

function parsePs(table: string): ProcessEntry[] {
  const rows = table.matchAll(/^ *(\d+) +(\d+) +(\S+) +(.*)$/gm);
  return [...rows].map(([, pid, parent, stat = "", command = ""]) => {
    return { pid: Number(pid), parent: Number(parent), isZombie: stat.startsWith("Z"), command };
  });
}
