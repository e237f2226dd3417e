import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { uuidv7 } from '@zhanggui/ids';
import { assertOneStory } from '@zhanggui/server/story';
import { openStore, startEmbeddedPostgres } from '@zhanggui/store';
import { type Counter, startCounter } from './counter.ts';
import { holdCard, type Outcome, settled, signInTill, type Till } from './shopper.ts';

const settings = {
  ZHANGGUI_TERMINAL_TIMEOUT_MS: '4000',
  ZHANGGUI_ACQUIRER_TIMEOUT_MS: '3000',
  ZHANGGUI_SWITCH_TIMEOUT_MS: '2000',
  ZHANGGUI_RETRY_MS: '500',
};
const openingBalance = 888_800n;
const amountMinor = '100';

/** When the server is killed: whenever it happens, while a sale is with the hosts, while the issuer has charged and nobody has heard of it. */
const moments = ['any', 'processing', 'charged-unheard', 'processing', 'processing', 'any'] as const;
type Moment = (typeof moments)[number];

let counter: Counter;
before(async () => {
  counter = await startCounter({ settings });
});
after(() => counter.close());

const newRequestId = () => uuidv7(Date.now(), new Uint8Array(randomBytes(10)));

type Told = Map<string, Outcome | undefined>;

/** Sells until the server is gone; `told` keeps what the till was told, undefined where it was told nothing. */
const sellUntilGone = async (till: Till, told: Told): Promise<void> => {
  for (;;) {
    const requestId = newRequestId();
    told.set(requestId, undefined);
    try {
      await till.startSale(requestId, amountMinor);
      told.set(requestId, await settled(till, requestId));
    } catch {
      return;
    }
  }
};

const silenceIssuer = (url: string): Promise<Response> =>
  fetch(`${url}/api/sandbox/faults`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ id: 'issuer-silent', active: true }),
  });

/** Waits for the moment to kill; what is asked of the newest sale takes about as long as a hop does. */
const momentComes = async (moment: Moment, url: string, till: Till, told: Told): Promise<void> => {
  await delay(1000 + Math.random() * 1500);
  if (moment === 'any') return;
  if (moment === 'charged-unheard') assert.equal((await silenceIssuer(url)).status, 200);
  const isWithHosts = async (): Promise<boolean> => {
    const [newest] = [...told.keys()].slice(-1);
    if (newest === undefined) return false;
    return (await till.status(newest).catch(() => undefined))?.state === 'processing';
  };
  for (let look = 0; look < 2000 && !(await isWithHosts()); look += 1) await delay(1);
  await delay(moment === 'charged-unheard' ? 500 : Math.random() * 8);
};

const availableOf = async (url: string, cardId: string): Promise<bigint> => {
  const { cards } = (await (await fetch(`${url}/api/sandbox/cards`)).json()) as {
    cards: { id: string; availableMinor: string }[];
  };
  return BigInt(cards.find(({ id }) => id === cardId)?.availableMinor ?? -1);
};

const outcomeAfterwards = async (till: Till, requestId: string): Promise<Outcome> => {
  try {
    return await settled(till, requestId);
  } catch (error) {
    // The request never reached the terminal: it knows nothing of it, and nothing was charged.
    if (error instanceof Error && error.message.includes('404')) return { state: 'never-arrived' };
    throw error;
  }
};

test('a server killed in the middle of card sales loses nothing it acknowledged, charges nothing twice, and resolves the rest by itself', async (t) => {
  const told: Told = new Map();
  for (const moment of moments) {
    const till = await signInTill(counter.url, 'till-1');
    const holder = holdCard(counter.url, till.terminalId, 'debit', '123456');
    const selling = sellUntilGone(till, told);
    await momentComes(moment, counter.url, till, told);
    await counter.kill();
    await selling;
    holder.leave();
    counter = await counter.again();
  }
  const till = await signInTill(counter.url, 'till-1');
  const outcomes = new Map<string, Outcome>();
  for (const requestId of told.keys()) outcomes.set(requestId, await outcomeAfterwards(till, requestId));

  for (const [requestId, before] of told) {
    if (before) assert.equal(outcomes.get(requestId)?.state, before.state, 'what was acknowledged stays as it was');
  }
  const approved = [...outcomes.values()].filter(({ state }) => state === 'approved').length;
  const unanswered = [...told.values()].filter((before) => before === undefined).length;
  assert.ok(approved > 5, `only ${approved} sales were approved`);
  assert.ok(
    [...outcomes.values()].some(({ state }) => state === 'reversed'),
    'a sale was cut in two and mended',
  );
  assert.equal(
    await availableOf(counter.url, 'debit'),
    openingBalance - BigInt(approved) * BigInt(amountMinor),
    'each approved sale is charged once',
  );

  const store = openStore({ url: (await startEmbeddedPostgres({ directory: join(counter.folder, 'postgres') })).url });
  try {
    const story = await assertOneStory(store);
    assert.equal(story.sales, approved);
  } finally {
    await store.close();
  }
  t.diagnostic(
    `${moments.length} kills, ${approved} approved, ${unanswered} cut off and resolved: ${[...outcomes.values()]
      .map(({ state }) => state)
      .filter((state) => state !== 'approved')
      .join(', ')}`,
  );
});
