import { join } from 'node:path';
import { temporaryDirectory } from '@zhanggui/store';
import { silentLog } from '@zhanggui/telemetry';
import { startWallets } from '@zhanggui/wallets';
import type { WeChatPaySettings } from '@zhanggui/wechatpay';

/** The sandbox wallets in a process of their own, and a phone that shows payment codes. */
export type WalletsOpened = Readonly<{ account: WeChatPaySettings }>;
export type CodesWanted = Readonly<{ codes: number }>;

const serve = async (): Promise<void> => {
  const wallets = await startWallets({ file: join(temporaryDirectory(), 'wallets.sqlite'), log: silentLog() });
  process.on('message', (wanted: CodesWanted | 'stop') => {
    if (wanted === 'stop') {
      wallets.prove();
      void wallets.close().then(() => process.disconnect?.());
    } else {
      process.send?.(Array.from({ length: wanted.codes }, () => wallets.phone.paymentCode('wechat').code));
    }
  });
  const { mchid, appid, certificateSerial, privateKey, apiV3Key, platform } = wallets.merchants.wechat.direct;
  const account = { mode: 'direct', mchid, appid } as const;
  const hosts = [wallets.url];
  const { publicKeys } = platform;
  process.send?.({
    account: { account, certificateSerial, privateKey, apiV3Key, platform: { publicKeys }, hosts },
  } satisfies WalletsOpened);
};

// Whoever started it is gone, or has been told that it is finished.
process.once('disconnect', () => process.exit());
serve().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
