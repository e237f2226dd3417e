import type { Journeys } from '@zhanggui/api';
import type { Hop } from '@zhanggui/api/contract';
import type { Hosts } from './hosts.ts';
import type { RunningTerminals } from './terminals.ts';

/** Along the line outwards, for hops of the same millisecond. */
const outward = ['terminal', 'acquirer', 'switch', 'issuer'];

type Asked = { requestId: string; terminalId: string; batch?: string | null; stan?: string | null };

/**
 * A payment's way, asked of each role in its own terms: the terminal by the till's request, the acquirer by terminal, batch and trace, the
 * hosts behind it by the RRN the acquirer gave. A void is a request of its own and goes the same way. This process alone knows them all.
 */
export const openJourneys = (terminals: RunningTerminals, { acquirer, issuer, switch: centre }: Hosts): Journeys => {
  const wayOf = async ({ requestId, terminalId, batch, stan }: Asked): Promise<Hop[]> => {
    const atTerminal = terminals.get(terminalId)?.journey(requestId) ?? [];
    const atAcquirer = batch && stan ? await acquirer?.journey({ terminalId, batch, stan }) : undefined;
    const rrn = atAcquirer?.rrn;
    const [atSwitch = [], atIssuer = []] = rrn ? await Promise.all([centre?.journey(rrn), issuer?.journey(rrn)]) : [];
    return [...atTerminal, ...(atAcquirer?.hops ?? []), ...atSwitch, ...atIssuer];
  };
  const voidOf = async ({ requestId, terminalId }: Asked): Promise<Hop[]> => {
    const voidedBy = terminals.get(terminalId)?.saleStatus(requestId)?.voidedBy;
    const voiding = voidedBy === undefined ? undefined : terminals.get(terminalId)?.saleStatus(voidedBy);
    if (!voiding) return [];
    const hops = await wayOf({ ...voiding, terminalId });
    return hops.map((hop) => ({ ...hop, voiding: true }));
  };
  return {
    journey: async (payment) => {
      const hops = [...(await wayOf(payment)), ...(await voidOf(payment))];
      return hops.sort((left, right) => left.at - right.at || outward.indexOf(left.role) - outward.indexOf(right.role));
    },
  };
};
