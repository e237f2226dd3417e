import { randomBytes } from 'node:crypto';
import type { Log } from '@zhanggui/telemetry';
import { openAlipayFace } from './alipay/face.ts';
import type { AlipayMerchant } from './alipay/keys.ts';
import type { FundingCards } from './cards.ts';
import { createDeliveries } from './deliveries.ts';
import { addConsumer } from './engine/consumers.ts';
import { openEngine } from './engine/engine.ts';
import { createFaults, type Faults } from './faults.ts';
import { type Listening, listenPlain, listenSecure, requestListener } from './listener.ts';
import { ownCards } from './own-cards.ts';
import { openPhone, type Phone } from './phone.ts';
import { openUnionPayFace } from './unionpay/face.ts';
import type { UnionPayMerchant } from './unionpay/keys.ts';
import type { WeChatGate } from './wechat/gate.ts';
import { openWeChat } from './wechat/wechat.ts';

export type WalletsSettings = Readonly<{
  /** Where the sandbox keeps its money and its keys; ':memory:' forgets. */
  file?: string;
  host?: string;
  port?: number;
  /** HTTPS that asks clients for their certificate: API v2's reverse and refund want one. */
  securePort?: number;
  /** Where merchants reach it, for addresses in answers; without, the host and port it listens on. */
  origin?: string;
  now?: () => number;
  random?: (bytes: number) => Uint8Array;
  /** The consumer's bank cards; a few of its own without. */
  cards?: FundingCards;
  /** Divides the times between notifications, of refunds and before a reversal, and above 1 lets a day's bill be had at once. */
  pace?: number;
  log: Log;
}>;

export interface Wallets {
  readonly url: string;
  readonly port: number;
  readonly secureUrl: string;
  readonly securePort: number;
  /** What each merchant's developer is given. */
  readonly merchants: Readonly<{ wechat: WeChatGate['merchants']; alipay: AlipayMerchant; unionpay: UnionPayMerchant }>;
  /** The authority (PEM) behind the certificate of `secureUrl`. */
  readonly authority: string;
  /** The address a WeChat Pay merchant gives to be told of shares it receives. */
  tellSharesTo(mchid: string, url: string): void;
  readonly faults: Faults;
  readonly phone: Phone;
  /** Throws when money came from nowhere or went nowhere. */
  prove(): void;
  close(): Promise<void>;
}

const consumer = {
  id: 'consumer-1',
  name: { zh: '林晓', en: 'Lin Xiao' },
  password: '123456',
  balanceMinor: 500_000n,
};

type Parts = Readonly<{ plain: Listening; secure: Listening; host: string }>;
const urlsOf = ({ plain, secure, host }: Parts) => ({
  url: `http://${host}:${plain.port}`,
  port: plain.port,
  secureUrl: `https://${host}:${secure.port}`,
  securePort: secure.port,
});

/** Starts the sandbox wallets: their merchants' servers and the consumer's phone, on one set of books. */
export const startWallets = async (settings: WalletsSettings): Promise<Wallets> => {
  const { file = ':memory:', host = '127.0.0.1', port = 0, securePort = 0, log } = settings;
  const { now = Date.now, random = randomBytes, cards = ownCards(), pace = 1 } = settings;
  const faults = createFaults();
  const onFault = (error: unknown): void => log.error({ error }, 'something of the sandbox wallets failed');
  const room = await openEngine({ file, cards, faults, now, random, pace, onFault });
  const { engine, core } = room;
  const deliveries = createDeliveries({ store: core.store, faults, log, now, pace });
  let address = settings.origin ?? '';
  const common = { engine, faults, deliveries, origin: () => address, pace };
  addConsumer(core, consumer);
  const wechat = openWeChat(common);
  const alipay = openAlipayFace(common);
  const unionpay = openUnionPayFace(common);
  const listener = requestListener({ faces: [...wechat.faces, alipay.face, unionpay.face], faults, log });
  const plain = await listenPlain(listener, { host, port });
  const { key, cert, ca } = wechat.gate.tls;
  const secure = await listenSecure(listener, { host, port: securePort }, { key, cert, ca });
  const urls = urlsOf({ plain, secure, host });
  address ||= urls.url;
  deliveries.resume();
  return {
    ...urls,
    merchants: { wechat: wechat.gate.merchants, alipay: alipay.merchant, unionpay: unionpay.merchant },
    authority: ca,
    tellSharesTo: wechat.gate.tellSharesTo,
    faults,
    phone: openPhone(room, consumer.id),
    prove: () => engine.prove(),
    close: async () => {
      await Promise.all([plain.close(), secure.close()]);
      await deliveries.close();
      await room.close();
    },
  };
};
