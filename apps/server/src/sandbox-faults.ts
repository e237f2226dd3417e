import { ascii } from '@zhanggui/bytes';
import type { Fault, Wire } from '@zhanggui/wire';

/** Lines that can be broken on purpose. */
export type Wires = Readonly<{ terminal: Wire; issuer: Wire }>;

type NamedFault = Readonly<{
  id: string;
  title: Readonly<{ zh: string; en: string }>;
  wire: keyof Wires;
  fault: Fault;
}>;

/** A terminal's frame: TPDU 5 bytes, header 6, then the MTI in BCD. */
const posMti = (mti: string) => {
  const [first, second] = [Number.parseInt(mti.slice(0, 2), 16), Number.parseInt(mti.slice(2), 16)];
  return (frame: Uint8Array): boolean => frame[11] === first && frame[12] === second;
};

/** A member's frame: header 46 bytes, then the MTI in ASCII. */
const interchangeMti =
  (mti: string) =>
  (frame: Uint8Array): boolean =>
    ascii(frame.subarray(46, 50)) === mti;

const once = { count: 1 } as const;
const lateMs = 60_000;

/** What the drawer beside the terminal offers; each is met by the next fitting frame, the silent issuer until it is switched off. */
const namedFaults: readonly NamedFault[] = [
  {
    id: 'answer-lost',
    title: { zh: '丢失下一个应答', en: 'Lose the next answer' },
    wire: 'terminal',
    fault: { ...once, direction: 'to-client', action: 'drop', matches: posMti('0210') },
  },
  {
    id: 'request-lost',
    title: { zh: '丢失下一个请求', en: 'Lose the next request' },
    wire: 'terminal',
    fault: { ...once, direction: 'to-server', action: 'drop', matches: posMti('0200') },
  },
  {
    id: 'answer-late',
    title: { zh: '下一个应答迟到一分钟', en: 'The next answer comes a minute late' },
    wire: 'terminal',
    fault: { ...once, direction: 'to-client', action: 'delay', delayMs: lateMs, matches: posMti('0210') },
  },
  {
    id: 'request-mac',
    title: { zh: '下一个请求的 MAC 出错', en: 'Wrong MAC on the next request' },
    wire: 'terminal',
    fault: { ...once, direction: 'to-server', action: 'corrupt', matches: posMti('0200') },
  },
  {
    id: 'answer-mac',
    title: { zh: '下一个应答的 MAC 出错', en: 'Wrong MAC on the next answer' },
    wire: 'terminal',
    fault: { ...once, direction: 'to-client', action: 'corrupt', matches: posMti('0210') },
  },
  {
    id: 'request-twice',
    title: { zh: '下一个请求重复到达', en: 'The next request arrives twice' },
    wire: 'terminal',
    fault: { ...once, direction: 'to-server', action: 'duplicate', matches: posMti('0200') },
  },
  {
    id: 'reversal-lost',
    title: { zh: '丢失下一个冲正应答', en: 'Lose the next reversal’s answer' },
    wire: 'terminal',
    fault: { ...once, direction: 'to-client', action: 'drop', matches: posMti('0410') },
  },
  {
    id: 'line-cut',
    title: { zh: '下一个请求时断线', en: 'Cut the line at the next request' },
    wire: 'terminal',
    fault: { ...once, direction: 'to-server', action: 'cut', matches: posMti('0200') },
  },
  {
    id: 'issuer-silent',
    title: { zh: '发卡机构不应答', en: 'The issuer stays silent' },
    wire: 'issuer',
    fault: { count: 'always', direction: 'to-server', action: 'drop', matches: interchangeMti('0210') },
  },
];

export type FaultDrawer = Readonly<{
  list(): { id: string; title: NamedFault['title']; active: boolean }[];
  /** False when there is no such fault. */
  set(id: string, active: boolean): boolean;
}>;

export const openFaultDrawer = (wires: Wires): FaultDrawer => {
  const isActive = (named: NamedFault): boolean =>
    wires[named.wire].faults.some(({ matches }) => matches === named.fault.matches);
  const remove = (named: NamedFault): void => {
    const kept = namedFaults.filter((other) => other !== named && other.wire === named.wire && isActive(other));
    wires[named.wire].clear();
    for (const other of kept) wires[other.wire].set(other.fault);
  };
  return {
    list: () => namedFaults.map((named) => ({ id: named.id, title: named.title, active: isActive(named) })),
    set: (id, active) => {
      const named = namedFaults.find((candidate) => candidate.id === id);
      if (!named) return false;
      if (isActive(named) && !active) remove(named);
      if (!isActive(named) && active) wires[named.wire].set(named.fault);
      return true;
    },
  };
};
