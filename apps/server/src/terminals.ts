import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Acquirer } from '@zhanggui/acquirer';
import type { Terminals } from '@zhanggui/api';
import { type SandboxBank, terminalParameters } from '@zhanggui/bank';
import type { Hsm } from '@zhanggui/hsm';
import { FRAMINGS } from '@zhanggui/link';
import {
  type QrPort,
  sqliteAuditStore,
  sqliteKeyStore,
  startTerminal,
  type Terminal,
  terminalKeyRefs,
} from '@zhanggui/terminal';
import { startWire, type Wire } from '@zhanggui/wire';
import type { Ground } from './hosts.ts';
import { keyComponents, openModule } from './keys.ts';

/** The sample shop as the acquirer knows it: institution 3, region 4, MCC 4 (grocery), serial 4. */
const merchant = {
  merchantId: '922290054110001',
  mcc: '5411',
  name: { zh: '掌柜便利店', en: 'ZHANGGUI MART' },
} as const;

/** Two terminals at the tills, and one nobody registered, to see what the acquirer says to it. */
const installed = [
  { terminalId: '00000001', registered: true },
  { terminalId: '00000002', registered: true },
  { terminalId: '00000009', registered: false },
] as const;

export interface RunningTerminals extends Terminals {
  readonly all: () => readonly Terminal[];
  get(terminalId: string): Terminal | undefined;
  /** The terminals' line to the acquirer, which can be broken on purpose. */
  readonly wire: Wire;
  close(): Promise<void>;
}

/** A terminal's master key is entered at both ends once; what is there already stays. */
const injectMasterKey = async (terminalId: string, hsm: Hsm, acquirer: Acquirer | undefined): Promise<void> => {
  const ref = terminalKeyRefs(terminalId).tmk;
  const registration = { terminalId, merchantId: merchant.merchantId, mcc: merchant.mcc, name: merchant.name.zh };
  const known = await hsm.keyInfo(ref);
  if (known && acquirer && (await acquirer.registerTerminal(registration).catch(() => undefined))?.kcv === known.kcv)
    return;
  if (known && !acquirer) return;
  const components = keyComponents();
  await acquirer?.registerTerminal({ ...registration, masterKeyComponents: components });
  await hsm.importComponents({ ref, use: 'tmk', components });
};

const openTerminal = async (
  ground: Ground,
  order: {
    terminalId: string;
    port: number;
    bank: SandboxBank;
    acquirer: Acquirer | undefined;
    qr?: QrPort;
  },
): Promise<Terminal> => {
  const { terminalId, port, bank, acquirer, qr } = order;
  const { settings, clock } = ground;
  const folder = join(settings.ZHANGGUI_DATA_DIR, 'terminals');
  mkdirSync(folder, { recursive: true });
  const dataFile = join(folder, `${terminalId}.sqlite`);
  const hsm = await openModule(ground.masterKeys, {
    name: `terminal ${terminalId}`,
    store: sqliteKeyStore(dataFile),
    audit: sqliteAuditStore(dataFile),
  });
  await injectMasterKey(terminalId, hsm, acquirer);
  return startTerminal({
    parameters: {
      terminalId,
      merchantId: merchant.merchantId,
      merchantName: merchant.name,
      acquirer: { host: '127.0.0.1', port },
      tpdu: '6000030000',
      timeoutMs: settings.ZHANGGUI_TERMINAL_TIMEOUT_MS,
      retryMs: settings.ZHANGGUI_RETRY_MS,
      ...terminalParameters(bank),
      sandbox: settings.ZHANGGUI_SANDBOX,
      operators: [{ no: '01', pin: '0000' }],
    },
    dataFile,
    hsm,
    qr,
    clock,
    random: (bytes) => new Uint8Array(randomBytes(bytes)),
    log: ground.logOf(`terminal-${terminalId}`),
  });
};

/** Installs the sandbox's terminals on a line of their own to the acquirer and switches them on. */
export const openTerminals = async (
  ground: Ground,
  bank: SandboxBank,
  { acquirer, qr }: { acquirer: Acquirer | undefined; qr?: QrPort },
): Promise<RunningTerminals> => {
  const target = {
    host: ground.settings.ZHANGGUI_ACQUIRER_HOST,
    port: acquirer?.port ?? ground.settings.ZHANGGUI_ACQUIRER_PORT,
  };
  const wire = await startWire({ name: 'terminal', target, framing: FRAMINGS.binary2 });
  await acquirer?.registerMerchant({ merchantId: merchant.merchantId, name: merchant.name.zh });
  const terminals: Terminal[] = [];
  for (const { terminalId, registered } of installed) {
    terminals.push(
      await openTerminal(ground, {
        terminalId,
        port: wire.port,
        bank,
        qr,
        acquirer: registered ? acquirer : undefined,
      }),
    );
  }
  return {
    all: () => terminals,
    get: (terminalId) => terminals.find(({ id }) => id === terminalId),
    wire,
    close: async () => {
      await Promise.all(terminals.map((terminal) => terminal.stop()));
      await wire.close();
    },
  };
};
