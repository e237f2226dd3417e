import { randomBytes } from 'node:crypto';
import { createServer, type Server, type Socket } from 'node:net';
import { ascii, fromAscii, fromHex, hex } from '@zhanggui/bytes';
import { HsmError } from '../hsm-error.ts';
import type { KeyUse } from '../key.ts';
import { type HostValues, readFields, writeFields } from '../payshield/fields.ts';
import { type HostCommandName, hostCommands, keyTypes } from '../payshield/host-commands.ts';
import type { SoftHsm } from '../soft-hsm.ts';

/** The answer's fields, or `error` alone. */
type Reply = HostValues;
type Handler = (values: HostValues) => Promise<Reply>;

export type HostServer = Readonly<{
  port: number;
  /** Messages as they came, without length. */
  received: string[];
  /** Answers nothing until told otherwise. */
  mute(isMute: boolean): void;
  /** Breaks every connection; new ones are taken. */
  cut(): void;
  close(): Promise<void>;
}>;

const useOfType = new Map<string, KeyUse>(Object.entries(keyTypes).map(([use, type]) => [type, use as KeyUse]));
const formats: Readonly<Record<string, '0' | '3'>> = { '01': '0', '47': '3' };
const bytesOf = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'latin1'));
const letterOf: Readonly<Record<number, string>> = { 8: '', 16: 'U', 24: 'T' };
const transportLetterOf: Readonly<Record<number, string>> = { 8: '', 16: 'X', 24: 'Y' };

/** A PAN with these twelve digits: what it has beside them does not enter into PIN calculations. */
const panOf = (account: string): string => `${account}0`;

/** A key's token is a number that stands for it here; a device's would be the key under its LMK. */
class Tokens {
  readonly #refs = new Map<string, string>();
  #count = 0;

  newRef(): string {
    this.#count += 1;
    return `key.${this.#count}`;
  }

  of(bytes: number, ref: string): string {
    const token = (letterOf[bytes] ?? '') + randomBytes(bytes).toString('hex').toUpperCase();
    this.#refs.set(token, ref);
    return token;
  }

  ref(token: string | undefined): string {
    return this.#refs.get(token ?? '') ?? 'none';
  }
}

const useOf = ({ keyType = '' }: HostValues): KeyUse => useOfType.get(keyType) ?? 'data';

const keyHandlers = (hsm: SoftHsm, tokens: Tokens) =>
  ({
    NC: async () => ({ lmkCheck: '1234567890ABCDEF', firmware: '0000-0000' }),
    A0: async (values) => {
      const bytes = { Z: 8, U: 16, T: 24 }[values['scheme'] ?? ''] ?? 16;
      const { ref, kcv } = await hsm.generateKey({ ref: tokens.newRef(), use: useOf(values), bytes });
      return { key: tokens.of(bytes, ref), kcv: kcv.slice(0, 6) };
    },
    A6: async (values) => {
      const cryptogram = fromHex((values['cryptogram'] ?? '').replace(/^[XY]/, ''));
      const order = { ref: tokens.newRef(), use: useOf(values), cryptogram, under: tokens.ref(values['zmk']) };
      const { kcv } = await hsm.importKey(order);
      return { key: tokens.of(cryptogram.length, order.ref), kcv: kcv.slice(0, 6) };
    },
    A8: async (values) => {
      const order = { ref: tokens.ref(values['key']), under: tokens.ref(values['under']) };
      const { cryptogram, kcv } = await hsm.exportKey(order);
      const letter = transportLetterOf[cryptogram.length] ?? '';
      return { cryptogram: letter + hex(cryptogram), kcv: hex(kcv).slice(0, 6) };
    },
    BU: async (values) => {
      const info = await hsm.keyInfo(tokens.ref(values['key']));
      return info ? { kcv: info.kcv.padEnd(16, '0') } : { error: '10' };
    },
  }) satisfies Partial<Record<HostCommandName, Handler>>;

const pinHandlers = (hsm: SoftHsm, tokens: Tokens) => {
  const translate: Handler = async (values) => {
    const { block = '', account = '', fromFormat = '', toFormat = '' } = values;
    const translated = await hsm.translatePin({
      from: tokens.ref(values['from']),
      to: tokens.ref(values['to']),
      block: fromHex(block),
      pan: panOf(account),
      formats: { from: formats[fromFormat], to: formats[toFormat] },
    });
    return { pinLength: '06', block: hex(translated), format: toFormat };
  };
  const verify: Handler = async (values) => {
    const { block = '', account = '', format = '', offset = '', validation = '' } = values;
    if (validation.replace('N', account.slice(-5)) !== `${account}FFFF`) return { error: '15' };
    const keys = { key: tokens.ref(values['pinKey']), pvk: tokens.ref(values['pvk']) };
    const question = { block: fromHex(block), pan: panOf(account), offset: offset.replaceAll('F', '') };
    const verdict = await hsm.verifyPin({ ...keys, ...question, format: formats[format] });
    return { error: { match: '02', mismatch: '01', 'format-error': '20' }[verdict] };
  };
  return {
    CA: translate,
    CC: translate,
    DA: verify,
    EA: verify,
    BA: async ({ pin = '' }) => ({ pin: pin.replaceAll('F', 'D') }),
    DE: async (values) => {
      const order = { pvk: tokens.ref(values['pvk']), pan: panOf(values['account'] ?? '') };
      const offset = await hsm.makePinOffset({ ...order, pin: (values['pin'] ?? '').replaceAll('D', '') });
      return { offset: offset.padEnd(12, 'F') };
    },
  } satisfies Partial<Record<HostCommandName, Handler>>;
};

const macHandlers = (hsm: SoftHsm, tokens: Tokens) => {
  const orderOf = (values: HostValues) => {
    const algorithm = values['algorithm'] === '3' ? ('x919' as const) : ('interchange' as const);
    return { key: tokens.ref(values['key']), algorithm, data: bytesOf(values['data'] ?? '') };
  };
  return {
    M6: async (values) => {
      const mac = await hsm.mac(orderOf(values));
      return { mac: values['size'] === '1' ? hex(mac) : ascii(mac) };
    },
    M8: async (values) => {
      const { mac = '' } = values;
      const bytes = values['size'] === '1' ? fromHex(mac) : fromAscii(mac);
      return verdictOf(await hsm.verifyMac({ ...orderOf(values), mac: bytes }));
    },
  } satisfies Partial<Record<HostCommandName, Handler>>;
};

const cardHandlers = (hsm: SoftHsm, tokens: Tokens) => {
  const chipOf = (values: HostValues) => {
    const digits = hex(bytesOf(values['card'] ?? ''));
    const card = { mdk: tokens.ref(values['mdk']), pan: digits.slice(0, -2), psn: digits.slice(-2) };
    return { ...card, atc: bytesOf(values['atc'] ?? ''), arqc: bytesOf(values['arqc'] ?? '') };
  };
  return {
    CW: async ({ cvk, pan = '', expiry = '', serviceCode = '' }) => ({
      cvv: await hsm.makeCvv({ cvk: tokens.ref(cvk), pan, expiry, serviceCode }),
    }),
    CY: async ({ cvk, cvv = '', pan = '', expiry = '', serviceCode = '' }) =>
      verdictOf(await hsm.verifyCvv({ cvk: tokens.ref(cvk), cvv, pan, expiry, serviceCode })),
    KQ0: async (values) => {
      const data = bytesOf(values['data'] ?? '');
      if (data.at(-1) !== 0x80) return { error: '15' };
      return verdictOf(await hsm.verifyArqc({ ...chipOf(values), data: data.subarray(0, -1) }));
    },
    KQ2: async (values) => {
      const arpc = await hsm.makeArpc({ ...chipOf(values), arc: values['arc'] ?? '' });
      return { arpc: Buffer.from(arpc).toString('latin1') };
    },
  } satisfies Partial<Record<HostCommandName, Handler>>;
};

const verdictOf = (isSound: boolean): HostValues => (isSound ? {} : { error: '01' });

/** What a device does with the commands, on top of the soft HSM. */
const handlers = (hsm: SoftHsm): Record<HostCommandName, Handler> => {
  const tokens = new Tokens();
  return {
    ...keyHandlers(hsm, tokens),
    ...pinHandlers(hsm, tokens),
    ...macHandlers(hsm, tokens),
    ...cardHandlers(hsm, tokens),
  };
};

const errors: Readonly<Record<string, string>> = { 'pin-format': '20', 'key-unknown': '10', 'key-use': '10' };

/** The device's answer to one message, header and all; a command it does not know gets error 68, as a disabled one does. */
const answerTo = async (serve: Record<HostCommandName, Handler>, message: string): Promise<string> => {
  const header = message.slice(0, 4);
  const code = message.slice(4, 6);
  const name = code === 'KQ' ? `KQ${message.charAt(6)}` : code;
  const nextCode = code.charAt(0) + String.fromCharCode(code.charCodeAt(1) + 1);
  if (!Object.hasOwn(hostCommands, name)) return `${header}${nextCode}68`;
  const command = hostCommands[name as HostCommandName];
  try {
    const reply = await serve[name as HostCommandName](readFields(command.request, message.slice(6)));
    if (reply['error'] !== undefined) return header + command.answer + reply['error'];
    return `${header}${command.answer}00${writeFields(command.response, reply)}`;
  } catch (error) {
    return header + command.answer + (error instanceof HsmError ? (errors[error.code] ?? '15') : '15');
  }
};

/** A device that speaks payShield's host commands, on a port of its own; `hsm` does the work. */
export const startHostServer = async (hsm: SoftHsm, port = 0): Promise<HostServer> => {
  const serve = handlers(hsm);
  const sockets = new Set<Socket>();
  const received: string[] = [];
  let isMute = false;
  const server: Server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => undefined);
    let buffer = Buffer.alloc(0);
    socket.on('data', (chunk: Buffer) => {
      buffer = Buffer.concat([buffer, chunk]);
      while (buffer.length >= 2 && buffer.length >= 2 + buffer.readUInt16BE()) {
        const message = buffer.toString('latin1', 2, 2 + buffer.readUInt16BE());
        buffer = buffer.subarray(2 + buffer.readUInt16BE());
        received.push(message);
        void answerTo(serve, message).then((answer) => {
          if (isMute) return;
          const length = Buffer.alloc(2);
          length.writeUInt16BE(answer.length);
          // In two pieces, as a network may bring them.
          socket.write(length);
          socket.write(Buffer.from(answer, 'latin1'));
        });
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const address = server.address();
  const cut = () => sockets.forEach((socket) => socket.destroy());
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    received,
    mute: (next) => {
      isMute = next;
    },
    cut,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        cut();
      }),
  };
};
