import { useMemo } from 'react';
import { cashRuleOf } from '../counter.ts';
import { useTillState } from '../till-context.ts';
import { type TenderView, tenderView } from './tender-view.ts';

/** The tender panel's view; undefined while there is no sale. */
export const useTenderView = (): TenderView | undefined => {
  const sale = useTillState((state) => state.sale);
  const pad = useTillState((state) => state.pad);
  const connection = useTillState((state) => state.connection);
  const session = useTillState((state) => state.session);
  return useMemo(
    () =>
      sale &&
      tenderView(sale, {
        rule: cashRuleOf(session),
        pad,
        connection,
        hasTerminal: session?.terminalId != null,
        wallets: session?.wallets ?? [],
      }),
    [sale, pad, connection, session],
  );
};
