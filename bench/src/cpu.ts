import { readdirSync, readFileSync } from 'node:fs';

/** Linux counts processor time in hundredths of a second (`sysconf(_SC_CLK_TCK)`). */
const ticksPerSecond = 100;

type Stat = Readonly<{ parent: number; ticks: number /** Of children that have ended. */; endedTicks: number }>;

/** proc(5), /proc/pid/stat: the name in brackets may hold spaces, so fields are counted behind it. */
const statOf = (pid: number): Stat | undefined => {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = text
      .slice(text.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    const sum = (from: number) => (fields[from] ?? 0) + (fields[from + 1] ?? 0);
    return { parent: fields[1] ?? 0, ticks: sum(11), endedTicks: sum(13) };
  } catch {
    return undefined; // it ended meanwhile, or this is no Linux
  }
};

const childrenOf = (pid: number): number[] =>
  readdirSync('/proc')
    .map(Number)
    .filter((other) => other > 0 && statOf(other)?.parent === pid);

/** Processor time, in seconds, that a process and its children have used so far. Zero where there is no /proc. */
export const cpuSeconds = (pid: number): number => {
  try {
    const ticks = [pid, ...childrenOf(pid)].reduce((sum, each) => sum + (statOf(each)?.ticks ?? 0), 0);
    return (ticks + (statOf(pid)?.endedTicks ?? 0)) / ticksPerSecond;
  } catch {
    return 0;
  }
};
