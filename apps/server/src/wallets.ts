import { hostname } from 'node:os';
import { join } from 'node:path';
import { alipayChannel, openAlipay } from '@zhanggui/alipay';
import { openQrPay, type QrPay, QrPayError } from '@zhanggui/qrpay';
import type { QrPort, QrStart } from '@zhanggui/terminal';
import { openUnionPayQr, unionPayQrChannel } from '@zhanggui/unionpay-qr';
import type { Wallet, WalletChannel } from '@zhanggui/wallet-channel';
import { type FundingCards, startWallets, type Wallets } from '@zhanggui/wallets';
import { certificateSend, openWeChatPay, openWeChatPayV2, weChatChannel } from '@zhanggui/wechatpay';
import type { Ground } from './hosts.ts';
import { type Settings, SettingsError } from './settings.ts';
import { readWalletAccounts, sandboxAccounts, type WalletAccounts } from './wallet-accounts.ts';

export interface RunningWallets {
  /** Undefined where no wallet is set up. */
  readonly qrPay: QrPay | undefined;
  readonly sandbox: Wallets | undefined;
  close(): Promise<void>;
}

const wechatChannelOf = ({ pay, v2 }: NonNullable<WalletAccounts['wechat']>, notifyUrl: string): WalletChannel =>
  weChatChannel({
    pay: openWeChatPay(pay),
    notifyUrl,
    codePayments: v2 && openWeChatPayV2({ ...v2, certificateSend: certificateSend(v2.identity) }),
  });

export const channelsOf = (
  { wechat, alipay, unionpay }: WalletAccounts,
  notifyUrl: (wallet: Wallet) => string,
): WalletChannel[] => {
  const opened = (wallet: Wallet, open: (url: string) => WalletChannel | undefined): WalletChannel[] => {
    try {
      const channel = open(notifyUrl(wallet));
      return channel ? [channel] : [];
    } catch (fault) {
      // A key file that is none: the library says what is wrong with it, not whose it is.
      throw new SettingsError(
        'ZHANGGUI_WALLETS',
        `${wallet}: ${fault instanceof Error ? fault.message : 'cannot be used'}`,
      );
    }
  };
  return [
    ...opened('wechat', (url) => wechat && wechatChannelOf(wechat, url)),
    ...opened('alipay', (url) => alipay && alipayChannel({ client: openAlipay(alipay), notifyUrl: url })),
    ...opened('unionpay', (url) => unionpay && unionPayQrChannel({ client: openUnionPayQr(unionpay), notifyUrl: url })),
  ];
};

const openSandbox = ({ settings, logOf }: Ground, cards: FundingCards | undefined): Promise<Wallets> =>
  startWallets({
    file: join(settings.ZHANGGUI_DATA_DIR, 'sandbox-wallets.sqlite'),
    port: settings.ZHANGGUI_SANDBOX_WALLETS_PORT,
    securePort: settings.ZHANGGUI_SANDBOX_WALLETS_TLS_PORT,
    pace: settings.ZHANGGUI_SANDBOX_PACE,
    cards,
    log: logOf('sandbox-wallets'),
  });

/** The same after a restart, another for every server on this machine and any other: under it a server takes up what it left. */
export const replicaName = (settings: Pick<Settings, 'ZHANGGUI_HTTP_PORT'>): string =>
  `${hostname()}:${settings.ZHANGGUI_HTTP_PORT}`;

/** WeChat takes no reversal in the first 15 seconds; a sandbox that runs faster takes it sooner. */
const reverseNotBeforeMs = 15_000;

/**
 * Opens the shop's payments by QR code at the wallets it has accounts at: those of ZHANGGUI_WALLETS, else those of the sandbox. What
 * wallets tell comes to `publicUrl`.
 */
export const openWallets = async (
  ground: Ground,
  order: Readonly<{ merchantId: string; publicUrl: string; cards: FundingCards | undefined }>,
): Promise<RunningWallets> => {
  const { settings, store, clock, metrics, logOf } = ground;
  const sandbox = settings.ZHANGGUI_SANDBOX ? await openSandbox(ground, order.cards) : undefined;
  const accounts = settings.ZHANGGUI_WALLETS
    ? readWalletAccounts(settings.ZHANGGUI_WALLETS)
    : sandbox && sandboxAccounts(sandbox);
  const channels = accounts ? channelsOf(accounts, (wallet) => `${order.publicUrl}/api/wallets/${wallet}/notify`) : [];
  const reverseAfterMs = settings.ZHANGGUI_QR_REVERSE_MS;
  const timing = {
    pollMs: settings.ZHANGGUI_QR_POLL_MS,
    reverseAfterMs,
    reverseNotBeforeMs: Math.min(reverseNotBeforeMs, Math.floor(reverseAfterMs / 2)),
  };
  const { merchantId } = order;
  const whose = { merchantId, instance: replicaName(settings), log: logOf('qrpay') };
  const qrPay =
    channels.length === 0
      ? undefined
      : openQrPay({
          store,
          clock,
          metrics,
          channels,
          timing,
          fees: accounts?.fees,
          guestCodes: accounts?.guestCodes,
          ...whose,
        });
  await qrPay?.resume();
  return {
    qrPay,
    sandbox,
    close: async () => {
      await qrPay?.stop();
      await sandbox?.close();
    },
  };
};

/** The shop's payments as a terminal on its counter asks them: what is refused before anything begins is a word. */
export const qrPortOf = (qrPay: QrPay): QrPort => ({
  wallets: () => qrPay.wallets(),
  find: (requestId) => qrPay.find(requestId),
  cancel: (requestId) => qrPay.cancel(requestId),
  onChange: (listener) => qrPay.onChange(listener),
  start: async (order): Promise<QrStart> => {
    try {
      return { kind: 'begun', status: await qrPay.start(order) };
    } catch (error) {
      if (!(error instanceof QrPayError)) throw error;
      const isCode = ['code-unknown', 'code-not-taken', 'wallet-not-offered'].includes(error.code);
      return { kind: 'refused', reason: isCode ? 'code-unknown' : 'not-possible' };
    }
  },
});
