import { readdirSync, readFileSync } from 'node:fs';

/** Linux counts processor time in hundredths of a second (`sysconf(_SC_CLK_TCK)`). */
const ticksPerSecond = 100;

/** Parent and ticks of a process (proc(5), /proc/pid/stat): the name in brackets may hold spaces, so fields are counted behind it. */
const statOf = (pid: number): { parent: number; ticks: number } | undefined => {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return { parent: Number(fields[1]), ticks: Number(fields[11]) + Number(fields[12]) };
  } catch {
    return undefined; // it ended meanwhile, or this is no Linux
  }
};

const childrenOf = (pid: number): number[] =>
  readdirSync('/proc')
    .map(Number)
    .filter((other) => other > 0 && statOf(other)?.parent === pid);

/** Processor time, in seconds, that a process and its living children have used so far. Zero where there is no /proc. */
export const cpuSeconds = (pid: number): number => {
  try {
    return [pid, ...childrenOf(pid)].reduce((sum, each) => sum + (statOf(each)?.ticks ?? 0), 0) / ticksPerSecond;
  } catch {
    return 0;
  }
};
