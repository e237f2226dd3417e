import type { TillStore } from '../till-state.ts';
import { asksToBePaid, paymentCode, type ScannedCode } from './payment-code.ts';

type CodeOwner = Readonly<{
  payByCode: (code: ScannedCode) => Promise<void>;
  /** The customer's phone shows a code, but not the one that pays. */
  refuseCode: () => void;
}>;

/** Where a scan goes: goods of our own list first, then a customer's payment code, and whatever is left is goods nobody knows. */
export const scanRouter =
  (store: TillStore, goods: (code: string) => Promise<void>, { payByCode, refuseCode }: CodeOwner) =>
  async (text: string): Promise<void> => {
    const { catalogue, phase } = store.getState();
    const code = catalogue.byBarcode(text) ? undefined : paymentCode(text);
    if (code) return payByCode(code);
    return phase === 'selling' && asksToBePaid(text) ? refuseCode() : goods(text);
  };
