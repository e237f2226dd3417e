import { randomBytes } from 'node:crypto';
import { concat, fromHex } from '@zhanggui/bytes';
import { type Hsm, memoryKeyStore, openSoftHsm } from '@zhanggui/hsm';
import { answerTo, type Centre, type InterchangeMessage, listenCentre } from '@zhanggui/interchange-link';
import {
  decodePosFrame,
  encodePosFrame,
  posField60,
  posMac,
  posMacInput,
  signInKeys,
  type UnionPayPosFields,
  unionPayPos,
} from '@zhanggui/iso8583';
import { connect, FRAMINGS, type Link } from '@zhanggui/link';
import { openTestStore, type Store } from '@zhanggui/store';
import { createMetrics, silentLog } from '@zhanggui/telemetry';
import { epochMs } from '@zhanggui/time';
import { type Acquirer, type AcquirerSettings, migrations, startAcquirer } from './index.ts';
import type { PosMessage } from './pos.ts';

/** A scripted terminal: it signs in, signs its messages, and gives every answer with the verdict on its MAC. */
export type TestTerminal = Readonly<{
  terminalId: string;
  merchantId: string;
  /** Sends a message as it is; the answers are handed out in the order they come. */
  sendBody(body: Uint8Array): void;
  nextAnswer(timeoutMs?: number): Promise<PosMessage>;
  request(message: PosMessage): Promise<PosMessage>;
  signed(message: PosMessage): Promise<Uint8Array>;
  isSigned(message: PosMessage): Promise<boolean>;
  signIn(): Promise<PosMessage>;
  pinBlock(pin: string, pan: string): Promise<Uint8Array>;
  close(): Promise<void>;
}>;

export const merchantId = '898100053110001';
export const institution = '48520000';
export const centreCode = '00010000';
export const card = { pan: '6225000000000014', track2: '6225000000000014=30122201234500678' };

const header = {
  applicationClass: '60',
  softwareVersion: '31',
  terminalStatus: '0',
  processingRequirement: '0',
  softwareSubVersion: '310000',
};
const tpdu = { id: '60', destination: '0003', source: '0000' };

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

export const startTerminal = async (options: {
  port: number;
  hsm: Hsm;
  terminalId: string;
  tmk: string;
}): Promise<TestTerminal> => {
  const { hsm, terminalId, tmk } = options;
  const refs = { pin: `${terminalId}.test.tpk`, mac: `${terminalId}.test.tak` };
  const answers: Uint8Array[] = [];
  const waiting: ((body: Uint8Array) => void)[] = [];
  const link: Link = connect({
    host: '127.0.0.1',
    port: options.port,
    framing: FRAMINGS.binary2,
    reconnect: { minMs: 10, maxMs: 10 },
    onFrame: (bytes) => {
      const frame = decodePosFrame(Uint8Array.from(bytes));
      if (frame.tpdu.destination !== tpdu.source || frame.tpdu.source !== tpdu.destination)
        throw new Error('the addresses of an answer are swapped');
      const take = waiting.shift();
      if (take) take(frame.body);
      else answers.push(frame.body);
    },
  });
  while (link.state !== 'connected') await pause(5);
  let lastBody = new Uint8Array();

  const terminal: TestTerminal = {
    terminalId,
    merchantId,
    sendBody: (body) => {
      link.send(encodePosFrame({ tpdu, header, body }));
    },
    nextAnswer: async (timeoutMs = 5000) => {
      const body =
        answers.shift() ??
        (await Promise.race([
          new Promise<Uint8Array>((resolve) => waiting.push(resolve)),
          pause(timeoutMs).then(() => {
            waiting.length = 0;
            throw new Error('no answer came');
          }),
        ]));
      lastBody = Uint8Array.from(body);
      return unionPayPos.decode(body);
    },
    request: async (message) => {
      terminal.sendBody(message.mti.startsWith('08') ? unionPayPos.encode(message) : await terminal.signed(message));
      return terminal.nextAnswer();
    },
    signed: async (message) => {
      const body = unionPayPos.encode({ mti: message.mti, fields: { ...message.fields, 64: new Uint8Array(8) } });
      const mac = await hsm.mac({ key: refs.mac, algorithm: 'unionpay-ecb', data: posMacInput(body) });
      body.set(mac, body.length - 8);
      return body;
    },
    isSigned: async (message) =>
      message.fields[64] !== undefined &&
      hsm.verifyMac({ key: refs.mac, algorithm: 'unionpay-ecb', data: posMacInput(lastBody), mac: posMac(lastBody) }),
    signIn: async () => {
      const answer = await terminal.request(signInRequest(terminalId));
      const keys = signInKeys.decode(answer.fields[62] ?? new Uint8Array());
      const take = (ref: string, use: 'tpk' | 'tak', key: { cryptogram: Uint8Array; checkValue: Uint8Array }) =>
        hsm.importKey({ ref, use, cryptogram: key.cryptogram, under: tmk, kcv: key.checkValue });
      await take(refs.pin, 'tpk', keys.pin);
      await take(refs.mac, 'tak', keys.mac);
      return answer;
    },
    pinBlock: (pin, pan) => hsm.encryptPin({ key: refs.pin, pin, pan }),
    close: () => link.close(),
  };
  return terminal;
};

export const signInRequest = (terminalId: string, ofMerchant = merchantId): PosMessage => ({
  mti: '0800',
  fields: {
    11: '000001',
    41: terminalId,
    42: ofMerchant,
    60: posField60.encode({ messageType: '00', batch: '000001', managementCode: '003' }),
    63: '01 ',
  },
});

let lastStan = 1;
export const nextStan = (): string => {
  lastStan += 1;
  return String(lastStan).padStart(6, '0');
};

export const saleRequest = (terminal: TestTerminal, own: UnionPayPosFields = {}): PosMessage => ({
  mti: '0200',
  fields: {
    3: '000000',
    4: '000000001234',
    11: nextStan(),
    22: '022',
    25: '00',
    35: card.track2,
    41: terminal.terminalId,
    42: terminal.merchantId,
    49: '156',
    60: '22000001000601',
    ...own,
  },
});

export const voidRequest = (terminal: TestTerminal, sale: PosMessage, own: UnionPayPosFields = {}): PosMessage =>
  saleRequest(terminal, {
    3: '200000',
    4: sale.fields[4],
    37: sale.fields[37],
    38: sale.fields[38],
    60: '23000001000601',
    61: `000001${sale.fields[11]}`,
    ...own,
  });

export const reversalRequest = (request: PosMessage, reason = '98'): PosMessage => {
  const {
    3: code,
    4: amount,
    11: stan,
    22: entry,
    25: condition,
    41: id,
    42: merchant,
    49: currency,
    60: kind,
  } = request.fields;
  return {
    mti: '0400',
    fields: {
      3: code,
      4: amount,
      11: stan,
      22: entry,
      25: condition,
      39: reason,
      41: id,
      42: merchant,
      49: currency,
      60: kind,
    },
  };
};

export type World = Readonly<{
  acquirer: Acquirer;
  centre: Centre;
  terminal: TestTerminal;
  hsm: Hsm;
  store: Store;
  /** What reached the centre. */
  seen: InterchangeMessage[];
  /** How the centre answers next. */
  script: { answer: (message: InterchangeMessage) => Promise<InterchangeMessage | undefined> };
  restartAcquirer(): Promise<Acquirer>;
  stop(): Promise<void>;
}>;

export const approve = async (message: InterchangeMessage): Promise<InterchangeMessage> =>
  answerTo(message, {
    15: '0512',
    38: 'A1B2C3',
    39: '00',
    54: message.fields[3]?.startsWith('3') ? '1002156C000000100000' : undefined,
    55: message.fields[55] && fromHex('910A00112233445566773030'),
    100: '03080000',
  });

/** A registered terminal, the acquirer, a real database, and a centre that answers as the test says. */
export const startWorld = async (timers: AcquirerSettings['timers'] = {}): Promise<World> => {
  const hsm = openSoftHsm({ lmk: randomBytes(32), store: memoryKeyStore() });
  const clock = () => epochMs(Date.now());
  const log = silentLog();
  const { store, close } = await openTestStore([migrations]);
  const zmk = [randomBytes(16), randomBytes(16)];
  for (const ref of ['acquirer.zmk', 'centre.zmk']) await hsm.importComponents({ ref, use: 'zmk', components: zmk });
  const seen: InterchangeMessage[] = [];
  const script = { answer: approve as World['script']['answer'] };
  const centre = await listenCentre({
    host: '127.0.0.1',
    port: 0,
    hsm,
    members: [{ institution, zmk: 'centre.zmk' }],
    log,
    clock,
    onRequest: (_institution, message) => {
      seen.push(message);
      return script.answer(message);
    },
  });
  const start = async (port = 0): Promise<Acquirer> => {
    const started = await startAcquirer({
      store,
      hsm,
      log,
      metrics: createMetrics(),
      clock,
      settings: {
        host: '127.0.0.1',
        port,
        institution,
        switch: { host: '127.0.0.1', port: centre.port },
        zmk: 'acquirer.zmk',
        timers: { sweepMs: 50, ...timers },
      },
    });
    await started.ready();
    return started;
  };
  const running = { acquirer: await start() };
  const tmk = [randomBytes(16), randomBytes(16)];
  await hsm.importComponents({ ref: 'terminal.tmk', use: 'tmk', components: tmk });
  await running.acquirer.registerMerchant({ merchantId, name: '掌柜便利店' });
  await running.acquirer.registerTerminal({
    terminalId: '00000001',
    merchantId,
    name: '1',
    mcc: '5411',
    masterKeyComponents: tmk,
  });
  const terminal = await startTerminal({
    port: running.acquirer.port,
    hsm,
    terminalId: '00000001',
    tmk: 'terminal.tmk',
  });
  return {
    get acquirer() {
      return running.acquirer;
    },
    centre,
    terminal,
    hsm,
    store,
    seen,
    script,
    restartAcquirer: async () => {
      const { port } = running.acquirer;
      await running.acquirer.stop();
      running.acquirer = await start(port);
      return running.acquirer;
    },
    stop: async () => {
      await terminal.close();
      await running.acquirer.stop();
      await centre.close();
      await close();
    },
  };
};

/** Waits until something holds that another part does by itself. */
export const eventually = async (holds: () => boolean | Promise<boolean>, withinMs = 3000): Promise<void> => {
  const until = Date.now() + withinMs;
  while (!(await holds())) {
    if (Date.now() > until) throw new Error('it never came to hold');
    await pause(10);
  }
};

export const truncated = (body: Uint8Array): Uint8Array => concat(body.subarray(0, body.length - 30));
