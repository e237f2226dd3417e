import type { TillStore } from '../till-state.ts';
import { paymentCode, type ScannedCode } from './payment-code.ts';

type ScanOwners = Readonly<{
  goods: (code: string) => Promise<void>;
  payment: (code: ScannedCode) => Promise<void>;
}>;

/** Where a scan goes: goods of our own list first, then a customer's payment code, and whatever is left is goods nobody knows. */
export const scanRouter =
  (store: TillStore, { goods, payment }: ScanOwners) =>
  (text: string): Promise<void> => {
    const code = store.getState().catalogue.byBarcode(text) ? undefined : paymentCode(text);
    return code ? payment(code) : goods(text);
  };
