import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { memoryKeyStore, openSoftHsm } from '@zhanggui/hsm';
import { listenCentre } from '@zhanggui/interchange-link';
import { openTestStore } from '@zhanggui/store';
import { createMetrics, silentLog } from '@zhanggui/telemetry';
import { migrations, startIssuer } from './index.ts';
import { bins, institution, openTestHsm, TestWorld } from './test-world.ts';

const memberKey = { ref: 'zmk', use: 'zmk', components: [new Uint8Array(16).fill(0x31)] } as const;

test('signed on to the centre, the issuer answers over the wire: the PIN under the link’s key, the MAC on both ways', async () => {
  const { store, close } = await openTestStore(migrations);
  const hsm = await openTestHsm();
  const world = new TestWorld({ store, hsm, close });
  const centreHsm = openSoftHsm({ lmk: new Uint8Array(32), store: memoryKeyStore() });
  await Promise.all([hsm, centreHsm].map((module) => module.importComponents(memberKey)));
  await centreHsm.generateKey({ ref: 'terminal.pin', use: 'tpk', bytes: 16 });
  const common = { host: '127.0.0.1', log: silentLog(), clock: () => world.now };
  const centre = await listenCentre({
    ...common,
    port: 0,
    hsm: centreHsm,
    members: [{ institution, zmk: memberKey.ref }],
    onRequest: async () => undefined,
  });
  const network = { switch: { host: '127.0.0.1', port: centre.port }, zmk: memberKey.ref };
  const settings = { institution, bins, ...network };
  const issuer = await startIssuer({ ...common, store, hsm, metrics: createMetrics(), settings });
  await issuer.whenReady();
  assert.equal(issuer.ready(), true);
  for (let waits = 0; !centre.isReady(institution) && waits < 100; waits += 1) await delay(10);

  const card = await world.account('debit', 100_00n);
  const block = await centreHsm.encryptPin({ key: 'terminal.pin', pin: card.pin, pan: card.pan });
  const [to = ''] = centre.pinKeys(institution);
  const pin = { 52: await centreHsm.translatePin({ from: 'terminal.pin', to, block, pan: card.pan }) };
  const outcome = await centre.request(institution, await world.sale(card, 60_00n, pin), { timeoutMs: 5000 });
  assert(outcome.kind === 'answer');
  assert.deepEqual([outcome.message.mti, outcome.message.fields[39]], ['0210', '00']);
  assert.equal(await world.availableMinor(card), 40_00n);

  await issuer.stop();
  await centre.close();
  await world.close();
});
