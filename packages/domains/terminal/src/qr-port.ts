import type { Money } from '@zhanggui/money';
import type { PaymentState } from '@zhanggui/qr-payment';
import type { EpochMs } from '@zhanggui/time';
import type { Wallet } from '@zhanggui/wallet-channel';
import type { Text } from './texts.ts';

/** How a payment by QR code stands, as the shop's payments tell it. */
export type QrStatus = Readonly<{
  requestId: string;
  outTradeNo: string;
  wallet: Wallet;
  how: 'code' | 'show';
  amount: Money;
  state: PaymentState;
  /** Given up: no money will be kept, whatever the payer does. */
  undoing: boolean;
  qr?: string;
  expiresAt?: EpochMs;
  code?: string;
  text?: Text;
  walletTradeNo?: string;
  payer?: string;
  paidAt?: EpochMs;
  at: EpochMs;
}>;

export type QrHow = Readonly<{ kind: 'code'; authCode: string }> | Readonly<{ kind: 'show'; wallet: Wallet }>;

/** `refused`: nothing has begun. `code-unknown`: what was scanned is no payment code that is taken here. */
export type QrStart =
  | Readonly<{ kind: 'begun'; status: QrStatus }>
  | Readonly<{ kind: 'refused'; reason: 'code-unknown' | 'not-possible' }>;

/** The shop's payments by QR code, which see to a payment until it ends, whatever becomes of this terminal. After a throw nobody knows. */
export interface QrPort {
  wallets(): readonly Wallet[];
  start(
    order: Readonly<{
      requestId: string;
      amount: Money;
      description: string;
      place: Readonly<{ terminalId: string }>;
      clientIp: string;
      how: QrHow;
    }>,
  ): Promise<QrStart>;
  find(requestId: string): Promise<QrStatus | undefined>;
  cancel(requestId: string): Promise<QrStatus>;
  onChange(listener: (status: QrStatus) => void): () => void;
}
