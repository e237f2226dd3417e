import { randomBytes } from 'node:crypto';
import { fromHex } from '@zhanggui/bytes';
import { type Hsm, memoryKeyStore, openSoftHsm } from '@zhanggui/hsm';
import { answerTo, type Centre, type InterchangeMessage, listenCentre } from '@zhanggui/interchange-link';
import { openTestStore, type Store } from '@zhanggui/store';
import { createMetrics, silentLog } from '@zhanggui/telemetry';
import { epochMs } from '@zhanggui/time';
import { type Acquirer, type AcquirerSettings, migrations, startAcquirer } from '../index.ts';
import { merchantId, terminalId } from './requests.ts';
import { pause, TestTerminal } from './test-terminal.ts';

export const institution = '48520000';

export const approve = async (message: InterchangeMessage): Promise<InterchangeMessage | undefined> =>
  answerTo(message, {
    15: '0512',
    38: 'A1B2C3',
    39: '00',
    54: message.fields[3]?.startsWith('3') ? '1002156C000000100000' : undefined,
    55: message.fields[55] && fromHex('910A00112233445566773030'),
    100: '03080000',
  });

/** The centre as the test scripts it: what reached it, and how it answers next. */
type ScriptedCentre = { seen: InterchangeMessage[]; answer: typeof approve };

/** The acquirer with a real database, between a registered terminal, not signed in yet, and a scripted centre. */
export type World = {
  readonly store: Store;
  readonly script: ScriptedCentre;
  readonly terminal: TestTerminal;
  acquirer: Acquirer;
  /** Stops the acquirer and starts it again on the same port and database; `meanwhile` may make it look like a crash. */
  restart(meanwhile?: () => Promise<unknown>): Promise<void>;
  close(): Promise<void>;
};

const clock = () => epochMs(Date.now());

const startCentre = (hsm: Hsm, script: ScriptedCentre): Promise<Centre> =>
  listenCentre({
    host: '127.0.0.1',
    port: 0,
    hsm,
    members: [{ institution, zmk: 'centre.zmk' }],
    log: silentLog(),
    clock,
    onRequest: (_institution, message) => {
      script.seen.push(message);
      return script.answer(message);
    },
  });

const shareKey = async (hsm: Hsm, use: 'zmk' | 'tmk', refs: readonly string[]): Promise<Uint8Array[]> => {
  const components = [randomBytes(16), randomBytes(16)];
  for (const ref of refs) await hsm.importComponents({ ref, use, components });
  return components;
};

export const startWorld = async (timers: AcquirerSettings['timers']): Promise<World> => {
  const hsm = openSoftHsm({ lmk: randomBytes(32), store: memoryKeyStore() });
  const script: ScriptedCentre = { seen: [], answer: approve };
  const database = await openTestStore([migrations]);
  const { store } = database;
  await shareKey(hsm, 'zmk', ['acquirer.zmk', 'centre.zmk']);
  const centre = await startCentre(hsm, script);
  const start = async (port: number): Promise<Acquirer> => {
    const address = { host: '127.0.0.1', port };
    const link = { host: '127.0.0.1', port: centre.port };
    const settings = { ...address, institution, switch: link, zmk: 'acquirer.zmk', timers };
    const started = await startAcquirer({ store, hsm, log: silentLog(), metrics: createMetrics(), clock, settings });
    await started.ready();
    return started;
  };
  const acquirer = await start(0);
  const masterKeyComponents = await shareKey(hsm, 'tmk', ['test.tmk']);
  await acquirer.registerMerchant({ merchantId, name: '掌柜便利店' });
  await acquirer.registerTerminal({ terminalId, merchantId, name: '1', mcc: '5411', masterKeyComponents });
  const terminal = new TestTerminal({ port: acquirer.port, hsm, terminalId, tmk: 'test.tmk' });
  const world: World = {
    store,
    script,
    terminal,
    acquirer,
    restart: async (meanwhile) => {
      const { port } = world.acquirer;
      await world.acquirer.stop();
      await meanwhile?.();
      world.acquirer = await start(port);
      await eventually(() => terminal.isConnected);
    },
    close: async () => {
      await terminal.close();
      await world.acquirer.stop();
      await centre.close();
      await database.close();
    },
  };
  await eventually(() => terminal.isConnected);
  return world;
};

/** Waits until something holds that another part does by itself. */
export const eventually = async (holds: () => boolean | Promise<boolean>, withinMs = 3000): Promise<void> => {
  const until = Date.now() + withinMs;
  while (!(await holds())) {
    if (Date.now() > until) throw new Error('it never came to hold');
    await pause(10);
  }
};
