import type { Journeys } from '@zhanggui/api';
import type { Hosts } from './hosts.ts';
import type { RunningTerminals } from './terminals.ts';

/** Along the line outwards, for hops of the same millisecond. */
const outward = ['terminal', 'acquirer', 'switch', 'issuer'];

/**
 * A payment's way, asked of each role in its own terms: the terminal by the till's request, the acquirer by terminal, batch and trace, the
 * hosts behind it by the RRN the acquirer gave. This process alone knows them all.
 */
export const openJourneys = (terminals: RunningTerminals, { acquirer, issuer, switch: centre }: Hosts): Journeys => ({
  journey: async ({ requestId, terminalId, batch, stan }) => {
    const atTerminal = terminals.get(terminalId)?.journey(requestId) ?? [];
    const atAcquirer = batch && stan ? await acquirer?.journey({ terminalId, batch, stan }) : undefined;
    const rrn = atAcquirer?.rrn;
    const [atSwitch = [], atIssuer = []] = rrn ? await Promise.all([centre?.journey(rrn), issuer?.journey(rrn)]) : [];
    return [...atTerminal, ...(atAcquirer?.hops ?? []), ...atSwitch, ...atIssuer].sort(
      (left, right) => left.at - right.at || outward.indexOf(left.role) - outward.indexOf(right.role),
    );
  },
});
