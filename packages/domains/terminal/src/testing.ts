/** An acquirer that follows a script, over real TCP, and a counter to test terminals on. Imported by tests only. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { concat, fromAscii, fromHex } from '@zhanggui/bytes';
import { type Hsm, memoryKeyStore, openSoftHsm } from '@zhanggui/hsm';
import {
  answerTpdu,
  decodePosFrame,
  encodePosFrame,
  field54,
  posField44,
  posField60,
  posMac,
  posMacInput,
  signInKeys,
  unionPayPos,
} from '@zhanggui/iso8583';
import { type Connection, FRAMINGS, listen } from '@zhanggui/link';
import { silentLog } from '@zhanggui/telemetry';
import { epochMs } from '@zhanggui/time';
import { decodeTlv, encodeTlv, findTag } from '@zhanggui/tlv';
import { type Fields } from './host.ts';
import { sqliteKeyStore } from './key-store.ts';
import { type TerminalParameters, terminalKeyRefs } from './parameters.ts';
import { startTerminal, type Terminal, type TerminalSettings } from './terminal.ts';
import type { TerminalView } from './view.ts';

/** What the scripted host does with one request. `charged` false: it answers as told and books nothing. */
export type Decision =
  | { kind: 'approve'; fields?: Fields; mac?: 'bad' | 'none'; requirement?: string; lost?: boolean }
  | { kind: 'decline'; code: string; requirement?: string }
  | { kind: 'silence' }
  | { kind: 'cut'; charged: boolean };

export type Received = { mti: string; fields: Fields; macGood: boolean | undefined };

export const batchOfHost = '000007';
const tmkClear = fromHex('11'.repeat(16));

type Script = {
  financial?: Decision[];
  reversal?: Decision[];
  signIn?: Decision[];
  /** Field 62 of every sign-in answer instead of fresh keys. */
  field62?: Uint8Array;
  /** Clear master key of chip cryptograms (hexadecimal), when chips are to be answered. */
  mdk?: string;
};

export type ScriptedAcquirer = Awaited<ReturnType<typeof startScriptedAcquirer>>;

/** Keeps its own books: which (batch, stan) is charged now. */
export const startScriptedAcquirer = async (script: Script = {}, port = 0) => {
  const hsm = openSoftHsm({ lmk: new Uint8Array(32).fill(9), store: memoryKeyStore() });
  await hsm.importComponents({ ref: 'tmk', use: 'tmk', components: [tmkClear] });
  if (script.mdk) await hsm.importComponents({ ref: 'mdk', use: 'mdk-ac', components: [fromHex(script.mdk)] });
  const received: Received[] = [];
  const charged = new Map<string, string>();
  const reversed = new Set<string>();
  const connections = new Set<Connection>();

  const freshKeys = async (): Promise<Uint8Array> => {
    await hsm.generateKey({ ref: 'tpk', use: 'tpk', bytes: 16 });
    await hsm.generateKey({ ref: 'tak', use: 'tak', bytes: 8 });
    const [pin, mac] = await Promise.all(['tpk', 'tak'].map((ref) => hsm.exportKey({ ref, under: 'tmk' })));
    if (!pin || !mac) throw new Error('two keys were made');
    return signInKeys.encode({
      pin: { cryptogram: pin.cryptogram, checkValue: pin.kcv.slice(0, 4) },
      mac: { cryptogram: mac.cryptogram, checkValue: mac.kcv.slice(0, 4) },
    });
  };
  const givenKeys = async (field62: Uint8Array): Promise<Uint8Array> => {
    const { pin, mac } = signInKeys.decode(field62);
    await hsm.importKey({ ref: 'tpk', use: 'tpk', cryptogram: pin.cryptogram, under: 'tmk', kcv: pin.checkValue });
    await hsm.importKey({ ref: 'tak', use: 'tak', cryptogram: mac.cryptogram, under: 'tmk', kcv: mac.checkValue });
    return field62;
  };

  const keyOf = (fields: Fields): string => `${posField60.decode(fields[60] ?? '').batch}-${fields[11]}`;
  const book = ({ mti, fields }: Received): void => {
    const key = keyOf(fields);
    if (mti === '0400') {
      reversed.add(key);
      charged.delete(key);
    } else if (fields[3] !== '310000' && !reversed.has(key)) charged.set(key, fields[4] ?? '');
  };

  const decide = (request: Received): Decision => {
    if (request.mti === '0200' && request.macGood === false) return { kind: 'decline', code: 'A0' };
    const scripted =
      request.mti === '0400' ? script.reversal : request.mti === '0800' ? script.signIn : script.financial;
    return (request.mti === '0820' ? undefined : scripted?.shift()) ?? { kind: 'approve' };
  };

  const answerFields = async ({ mti, fields }: Received, code: string): Promise<Fields> => {
    const repeated = [3, 4, 11, 25, 41, 42, 49] as const;
    const answer: Fields = {
      12: '173225',
      13: '1122',
      37: `2607${String(received.length).padStart(8, '0')}`,
      39: code,
    };
    for (const number of repeated) if (fields[number] !== undefined) answer[number] = fields[number];
    answer[60] =
      mti === '0800' ? posField60.encode({ messageType: '00', batch: batchOfHost, managementCode: '003' }) : fields[60];
    if (mti === '0800' && code === '00') {
      answer[62] = script.field62 ? await givenKeys(script.field62) : await freshKeys();
    }
    if (mti === '0200') {
      answer[15] = '1123';
      answer[44] = posField44.encode({ issuer: '03080000', acquirer: '48520000' });
      if (code === '00') answer[38] = '654321';
      if (fields[3] === '310000' && code === '00') {
        answer[54] = field54.encode([
          { accountType: '10', amountType: '02', currency: '156', sign: 'C', amount: '000000888800' },
        ]);
      }
      if (fields[55] && script.mdk) answer[55] = await issuerProof(hsm, fields, code);
    }
    return answer;
  };

  const onFrame = async (connection: Connection, frame: Uint8Array): Promise<void> => {
    const { tpdu, header, body } = decodePosFrame(frame);
    const { mti, fields } = unionPayPos.decode(body);
    const macGood =
      fields[64] === undefined
        ? undefined
        : await hsm.verifyMac({ key: 'tak', algorithm: 'unionpay-ecb', data: posMacInput(body), mac: posMac(body) });
    const request: Received = { mti, fields: structuredClone(fields), macGood };
    received.push(request);
    const decision = decide(request);
    if (decision.kind === 'silence') return;
    if (decision.kind === 'cut') {
      if (decision.charged) book(request);
      connection.close();
      return;
    }
    const code = decision.kind === 'approve' ? '00' : decision.code;
    const isFinancial = mti === '0200' || mti === '0400';
    if (isFinancial && decision.kind === 'approve') book(request);
    if (decision.kind === 'approve' && decision.lost) return;
    const own = decision.kind === 'approve' ? decision.fields : undefined;
    const answer: Fields = { ...(await answerFields(request, code)), ...own };
    const carriesMac = isFinancial && code === '00' && !(decision.kind === 'approve' && decision.mac === 'none');
    const bytes = await withMac(`${mti.slice(0, 2)}${Number(mti.slice(2)) + 10}`, answer, carriesMac);
    if (decision.kind === 'approve' && decision.mac === 'bad') bytes.set(fromAscii('00000000'), bytes.length - 8);
    const answered = { ...header, processingRequirement: decision.requirement ?? '0' };
    connection.send(encodePosFrame({ tpdu: answerTpdu(tpdu), header: answered, body: bytes }));
  };

  const withMac = async (mti: string, fields: Fields, carriesMac: boolean): Promise<Uint8Array> => {
    if (!carriesMac) return unionPayPos.encode({ mti, fields });
    const bytes = unionPayPos.encode({ mti, fields: { ...fields, 64: new Uint8Array(8) } });
    const mac = await hsm.mac({ key: 'tak', algorithm: 'unionpay-ecb', data: posMacInput(bytes) });
    return concat(posMacInput(bytes), mac);
  };

  const listener = await listen({
    host: '127.0.0.1',
    port,
    framing: FRAMINGS.binary2,
    onConnection: (connection) => {
      connections.add(connection);
      connection.onFrame((frame) => void onFrame(connection, frame));
      connection.onClose(() => connections.delete(connection));
    },
  });
  return {
    port: listener.port,
    hsm,
    received,
    charged,
    script,
    of: (mti: string): Received[] => received.filter((one) => one.mti === mti),
    close: async (): Promise<void> => {
      for (const connection of connections) connection.close();
      await listener.close();
    },
  };
};

/** Tag 91 for the cryptogram in a request, as the issuer would make it. */
const issuerProof = async (hsm: Hsm, fields: Fields, arc: string): Promise<Uint8Array> => {
  const objects = decodeTlv(fields[55] ?? new Uint8Array());
  const value = (tag: string): Uint8Array => findTag(objects, tag) ?? new Uint8Array();
  const proof = await hsm.makeArpc({
    mdk: 'mdk',
    pan: fields[2] ?? '',
    psn: (fields[23] ?? '000').slice(1),
    atc: value('9F36'),
    arqc: value('9F26'),
    arc,
  });
  return encodeTlv([{ tag: '91', value: concat(proof, fromAscii(arc)) }]);
};

export const terminalId = '00000001';
export const merchantId = '898440154110001';
/** A stripe without a chip, of a test BIN. */
export const stripeOnly = '6225000000000000014=30125200000000000';
/** The same card as its stripe would read had it a chip. */
export const stripeOfChip = '6225000000000000014=30126200000000000';

export type Counter = {
  terminal: Terminal;
  views: TerminalView[];
  /** The first view that fits, now or later. */
  until(fits: (view: TerminalView) => boolean, what?: string): Promise<TerminalView>;
  press(keys: string): void;
};

export const parametersFor = (port: number, more: Partial<TerminalParameters> = {}): TerminalParameters => ({
  terminalId,
  merchantId,
  merchantName: { zh: '掌柜便利店', en: 'Zhanggui Corner Shop' },
  acquirer: { host: '127.0.0.1', port },
  tpdu: '6000030000',
  timeoutMs: 150,
  promptMs: 2000,
  resultMs: 30,
  retryMs: 20,
  aids: [],
  capks: [],
  sandbox: true,
  operators: [{ no: '01', pin: '0000' }],
  ...more,
});

export const temporaryFile = (): { file: string; remove(): void } => {
  const folder = mkdtempSync(join(tmpdir(), 'zhanggui-terminal-'));
  return { file: join(folder, 'terminal.sqlite'), remove: () => rmSync(folder, { recursive: true, force: true }) };
};

/** A terminal on a file, with its TMK injected the first time. */
export const openCounter = async (
  file: string,
  parameters: TerminalParameters,
  more: Partial<TerminalSettings> = {},
): Promise<Counter & { close(): Promise<void> }> => {
  const store = sqliteKeyStore(file);
  const hsm = openSoftHsm({ lmk: new Uint8Array(32).fill(7), store });
  const { tmk } = terminalKeyRefs(parameters.terminalId);
  if (!(await hsm.keyInfo(tmk))) await hsm.importComponents({ ref: tmk, use: 'tmk', components: [tmkClear] });
  const terminal = await startTerminal({
    parameters,
    dataFile: file,
    hsm,
    clock: () => epochMs(Date.now()),
    random: (bytes) => new Uint8Array(randomBytes(bytes)),
    log: silentLog(),
    ...more,
  });
  const views: TerminalView[] = [];
  terminal.onView((view) => views.push(view));
  const until: Counter['until'] = (fits, what = 'a view') =>
    new Promise((resolve, reject) => {
      const now = terminal.view();
      if (fits(now)) return resolve(now);
      const timer = setTimeout(() => {
        stop();
        reject(new Error(`no ${what}; the screen is ${terminal.view().screen}: ${terminal.view().message.en}`));
      }, 8000);
      const stop = terminal.onView((view) => {
        if (!fits(view)) return;
        clearTimeout(timer);
        stop();
        resolve(view);
      });
    });
  const press = (keys: string): void => {
    for (const key of keys) {
      const name = key === '#' ? 'confirm' : key === '*' ? 'cancel' : key === '<' ? 'clear' : key;
      terminal.command({ kind: 'key', key: name as '0' });
    }
  };
  return {
    terminal,
    views,
    until,
    press,
    close: async () => {
      await terminal.stop();
      store.close();
    },
  };
};

export type Customer = { swipe?: string; insert?: () => Parameters<Terminal['command']>[0]; pins?: string[] };

/** A customer who does what the screen asks: presents the card, keys the PINs one after the other, takes the card. */
export const serveCustomer = (terminal: Terminal, customer: Customer): (() => void) => {
  const pins = [...(customer.pins ?? ['123456'])];
  let last = '';
  return terminal.onView((view) => {
    const moment = `${view.screen}/${view.message.en}/${view.cardInSlot}/${view.deadline}`;
    if (moment === last) return;
    last = moment;
    setImmediate(() => act(view));
  });

  function act(view: TerminalView): void {
    const wantsStripe = !customer.insert || view.message.en.startsWith('Chip not readable');
    if (view.screen === 'present-card' && wantsStripe && customer.swipe) {
      if (view.cardInSlot) terminal.command({ kind: 'remove-card' });
      terminal.command({ kind: 'swipe', track2: customer.swipe });
    } else if (view.screen === 'present-card' && customer.insert) {
      terminal.command(customer.insert());
    } else if (view.pinDigits === 0) {
      for (const digit of pins.shift() ?? '') terminal.command({ kind: 'key', key: digit as '0' });
      terminal.command({ kind: 'key', key: 'confirm' });
    } else if (view.cardInSlot && (view.screen === 'result' || view.screen === 'remove-card')) {
      terminal.command({ kind: 'remove-card' });
    }
  }
};
