import { ascii, equal, fromAscii, fromHex, hex, xor } from '@zhanggui/bytes';
import { CommandRecord } from '../command-record.ts';
import type { Hsm, MacAlgorithm, PinVerdict } from '../hsm.ts';
import { HsmError } from '../hsm-error.ts';
import type { KeyInfo, KeyUse } from '../key.ts';
import type { KeyStore } from '../key-store.ts';
import type { PinFormat } from '../pin-blocks.ts';
import { type HostValues, readFields, writeFields } from './fields.ts';
import { type HostCommand, type HostCommandName, hostCommands, keyTypes, pinFormatCodes } from './host-commands.ts';
import { HostLink, type HostLinkSettings } from './host-link.ts';

export type HostHsmSettings = HostLinkSettings &
  Readonly<{
    /** Where the device's keys rest, enciphered by the device. */
    store: KeyStore;
    /** Does what the device has no command for: `hashPan`, `seal`, `open`, and the keys of those uses. */
    local: Hsm;
    /** Which derivation of chip session keys KQ is asked for; what the device offers depends on its licences. */
    chipScheme?: string;
  }>;

/** A network HSM behind the interface of all others. */
export interface HostHsm extends Hsm {
  readonly isConnected: boolean;
  /** Takes up a key that was formed at the device's console: its key as the device enciphered it, and its check value. */
  adoptKey(key: { ref: string; use: KeyUse; token: string; kcv: string }): Promise<KeyInfo>;
  diagnostics(): Promise<{ lmkCheck: string; firmware: string }>;
  close(): void;
}

type DeviceUse = keyof typeof keyTypes;
type DeviceKey = Readonly<{ ref: string; use: DeviceUse; bytes: number; kcv: string; token: string }>;

const isDeviceUse = (use: KeyUse): use is DeviceUse => use in keyTypes;
const binary = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');
const bytesOf = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'latin1'));
const accountOf = (pan: string): string => pan.slice(-13, -1).padStart(12, '0');
const lengthSchemes: Readonly<Record<number, string>> = { 8: 'Z', 16: 'U', 24: 'T' };
const transportSchemes: Readonly<Record<number, string>> = { 8: 'Z', 16: 'X', 24: 'Y' };
const pinDigitsMax = '12';

/** The PAN's twelve digits and FFFF, written as the device wants it: N stands for the account's last five digits. */
const ibm3624 = (pan: string, checkLength: number): HostValues => ({
  checkLength: String(checkLength).padStart(2, '0'),
  account: accountOf(pan),
  decimalisation: '0123456789012345',
  validation: `${accountOf(pan).slice(0, 7)}NFFFF`,
});

/** UnionPay's ECB MAC is the CBC-MAC of the folded blocks in hexadecimal, which the device can calculate. */
const foldedText = (data: Uint8Array): Uint8Array => {
  let folded: Uint8Array = new Uint8Array(8);
  for (let at = 0; at < data.length; at += 8) {
    const block = new Uint8Array(8);
    block.set(data.subarray(at, at + 8));
    folded = xor(folded, block);
  }
  return fromAscii(hex(folded));
};

const macForms: Partial<
  Record<MacAlgorithm, { size: string; algorithm: string; of: (data: Uint8Array) => Uint8Array }>
> = {
  'unionpay-ecb': { size: '0', algorithm: '1', of: foldedText },
  interchange: { size: '0', algorithm: '1', of: (data) => data },
  x919: { size: '1', algorithm: '3', of: (data) => data },
};

const unsupported = (): never => {
  throw new HsmError('not-supported');
};

/** Questions to the device, and its keys by reference. */
class Device {
  readonly link: HostLink;
  readonly #store: KeyStore;

  constructor(settings: HostHsmSettings) {
    this.link = new HostLink(settings);
    this.#store = settings.store;
  }

  /** The answer's fields; with them its error code where `accepted` lets one through. */
  async ask(
    name: HostCommandName,
    values: HostValues,
    accepted: Readonly<Record<string, string>> = {},
  ): Promise<{ fields: HostValues; verdict: string }> {
    const { answer, request, response, remark }: HostCommand = hostCommands[name];
    const code = name.slice(0, 2);
    const message = await this.link.request(code + writeFields(request, values));
    const error = message.slice(2, 4);
    if (!message.startsWith(answer)) throw new HsmError('device-refused', code);
    const verdict = accepted[error];
    if (verdict !== undefined) return { fields: {}, verdict };
    if (error !== '00' && error !== remark) throw new HsmError('device-refused', `${code} ${error}`);
    return { fields: readFields(response, message.slice(4)), verdict: 'ok' };
  }

  async key(ref: string, uses: readonly DeviceUse[]): Promise<DeviceKey> {
    const key = await this.find(ref);
    if (key === undefined) throw new HsmError('key-unknown', ref);
    if (!uses.includes(key.use)) throw new HsmError('key-use', ref);
    return key;
  }

  async find(ref: string): Promise<DeviceKey | undefined> {
    const stored = await this.#store.load(ref);
    if (stored === undefined || !isDeviceUse(stored.use)) return undefined;
    const { use, bytes, kcv, sealed } = stored;
    return { ref, use, bytes, kcv, token: ascii(sealed) };
  }

  async keep({ ref, use, token, kcv }: { ref: string; use: KeyUse; token: string; kcv: string }): Promise<KeyInfo> {
    const scheme = token.charAt(0);
    const bytes = scheme === 'U' ? 16 : scheme === 'T' ? 24 : 8;
    const info = { ref, use, bytes, kcv };
    await this.#store.save({ ...info, sealed: fromAscii(token) });
    return info;
  }

  remove(ref: string): Promise<void> {
    return this.#store.remove(ref);
  }
}

const everyUse = Object.keys(keyTypes) as DeviceUse[];

const keyCommands = (device: Device, local: Hsm) => ({
  generateKey: async (order: { ref: string; use: KeyUse; bytes: number }): Promise<KeyInfo> => {
    if (!isDeviceUse(order.use)) return local.generateKey(order);
    const scheme = lengthSchemes[order.bytes];
    if (scheme === undefined) throw new HsmError('key-length', order.ref);
    const { fields } = await device.ask('A0', { mode: '0', keyType: keyTypes[order.use], scheme });
    return device.keep({ ...order, token: fields['key'] ?? '', kcv: fields['kcv'] ?? '' });
  },

  importKey: async ({ ref, use, cryptogram, under, kcv }: Parameters<Hsm['importKey']>[0]): Promise<KeyInfo> => {
    if (!isDeviceUse(use)) return unsupported();
    const zmk = await device.key(under, ['zmk']);
    const scheme = transportSchemes[cryptogram.length];
    if (scheme === undefined) throw new HsmError('key-length', ref);
    const { fields } = await device.ask('A6', {
      keyType: keyTypes[use],
      zmk: zmk.token,
      cryptogram: (scheme === 'Z' ? '' : scheme) + hex(cryptogram),
      scheme: lengthSchemes[cryptogram.length] ?? '',
    });
    const check = fields['kcv'] ?? '';
    if (kcv !== undefined && !equal(fromHex(check), kcv.subarray(0, 3))) throw new HsmError('kcv-mismatch', ref);
    return device.keep({ ref, use, token: fields['key'] ?? '', kcv: check });
  },

  exportKey: async ({ ref, under }: { ref: string; under: string }) => {
    const carrier = await device.key(under, ['zmk', 'tmk']);
    const key = await device.key(ref, everyUse);
    const keyType = keyTypes[key.use];
    const { fields } = await device.ask('A8', {
      keyType,
      carrier: carrier.use === 'zmk' ? '0' : '1',
      under: carrier.token,
      key: key.token,
      scheme: transportSchemes[key.bytes] ?? '',
    });
    const check = await device.ask('BU', {
      keyTypeCode: 'FF',
      lengthFlag: String(key.bytes / 8 - 1),
      key: key.token,
      keyType,
      reserved: '00',
      kcvType: '0',
    });
    const cryptogram = fields['cryptogram'] ?? '';
    return { cryptogram: fromHex(cryptogram.slice(-2 * key.bytes)), kcv: fromHex(check.fields['kcv'] ?? '') };
  },
});

const macCommands = (device: Device) => {
  const question = async (order: { key: string; algorithm: MacAlgorithm; data: Uint8Array }) => {
    const key = await device.key(order.key, ['tak', 'zak']);
    const form = macForms[order.algorithm] ?? unsupported();
    const data = binary(form.of(order.data));
    const { size, algorithm } = form;
    const head = { mode: '0', inputFormat: '0', size, algorithm, padding: '1', keyType: keyTypes[key.use] };
    return { ...head, key: key.token, data };
  };
  return {
    mac: async (order: Parameters<Hsm['mac']>[0]): Promise<Uint8Array> => {
      const mac = (await device.ask('M6', await question(order))).fields['mac'] ?? '';
      return order.algorithm === 'x919' ? fromHex(mac) : fromAscii(mac);
    },
    verifyMac: async (order: Parameters<Hsm['verifyMac']>[0]): Promise<boolean> => {
      const asked = await question(order);
      const mac = order.algorithm === 'x919' ? hex(order.mac) : binary(order.mac);
      if (!/^(?:[0-9A-F]{8}){1,2}$/.test(mac)) return false;
      return (await device.ask('M8', { ...asked, mac }, { '01': 'mismatch' })).verdict === 'ok';
    },
  };
};

const pinCode = (format: PinFormat = '0'): string => {
  if (format === '0' || format === '3') return pinFormatCodes[format];
  return unsupported();
};

/** Errors of the device about the PIN block itself. */
const blockErrors = { '20': 'format-error', '24': 'format-error' } as const;

const pinCommands = (device: Device) => ({
  translatePin: async ({ from, to, block, pan, formats }: Parameters<Hsm['translatePin']>[0]): Promise<Uint8Array> => {
    const [source, target] = [await device.key(from, ['tpk', 'zpk']), await device.key(to, ['zpk'])];
    const values = {
      from: source.token,
      to: target.token,
      pinDigitsMax,
      block: hex(block),
      fromFormat: pinCode(formats?.from),
      toFormat: pinCode(formats?.to),
      account: accountOf(pan),
    };
    const { fields, verdict } = await device.ask(source.use === 'tpk' ? 'CA' : 'CC', values, blockErrors);
    if (verdict !== 'ok') throw new HsmError('pin-format');
    return fromHex(fields['block'] ?? '');
  },

  verifyPin: async (order: Parameters<Hsm['verifyPin']>[0]): Promise<PinVerdict> => {
    const [key, pvk] = [await device.key(order.key, ['tpk', 'zpk']), await device.key(order.pvk, ['pvk'])];
    const values = {
      pinKey: key.token,
      pvk: pvk.token,
      pinDigitsMax,
      block: hex(order.block),
      format: pinCode(order.format),
      ...ibm3624(order.pan, order.offset.length),
      offset: order.offset.padEnd(12, 'F'),
    };
    const { verdict } = await device.ask(key.use === 'tpk' ? 'DA' : 'EA', values, { ...blockErrors, '01': 'mismatch' });
    return verdict === 'ok' ? 'match' : verdict === 'mismatch' ? 'mismatch' : 'format-error';
  },

  makePinOffset: async ({ pvk, pan, pin }: Parameters<Hsm['makePinOffset']>[0]): Promise<string> => {
    const key = await device.key(pvk, ['pvk']);
    if (!/^\d{4,12}$/.test(pin)) throw new HsmError('pin-format');
    const enciphered = await device.ask('BA', { pin: pin.padEnd(13, 'F'), account: accountOf(pan) });
    const values = { pvk: key.token, pin: enciphered.fields['pin'] ?? '', ...ibm3624(pan, pin.length) };
    return ((await device.ask('DE', values)).fields['offset'] ?? '').slice(0, pin.length);
  },
});

const cardCommands = (device: Device, scheme: string) => {
  const chip = async (mode: string, order: { mdk: string; pan: string; psn: string; atc: Uint8Array }) => ({
    mode,
    scheme,
    mdk: (await device.key(order.mdk, ['mdk-ac'])).token,
    card: binary(fromHex((order.pan + order.psn).slice(-16).padStart(16, '0'))),
    atc: binary(order.atc),
    unpredictable: '\0'.repeat(4),
  });
  return {
    makeCvv: async ({ cvk, pan, expiry, serviceCode }: Parameters<Hsm['makeCvv']>[0]): Promise<string> => {
      const values = { cvk: (await device.key(cvk, ['cvk'])).token, pan, expiry, serviceCode };
      return (await device.ask('CW', values)).fields['cvv'] ?? '';
    },
    verifyCvv: async ({ cvk, pan, expiry, serviceCode, cvv }: Parameters<Hsm['verifyCvv']>[0]): Promise<boolean> => {
      const key = await device.key(cvk, ['cvk']);
      if (!/^\d{3}$/.test(cvv)) return false;
      const values = { cvk: key.token, cvv, pan, expiry, serviceCode };
      return (await device.ask('CY', values, { '01': 'mismatch' })).verdict === 'ok';
    },
    verifyArqc: async (order: Parameters<Hsm['verifyArqc']>[0]): Promise<boolean> => {
      const data = `${binary(order.data)}\x80`;
      const values = { ...(await chip('0', order)), data, arqc: binary(order.arqc) };
      return (await device.ask('KQ0', values, { '01': 'mismatch' })).verdict === 'ok';
    },
    makeArpc: async (order: Parameters<Hsm['makeArpc']>[0]): Promise<Uint8Array> => {
      const values = { ...(await chip('2', order)), arqc: binary(order.arqc), arc: order.arc };
      return bytesOf((await device.ask('KQ2', values)).fields['arpc'] ?? '');
    },
  };
};

/**
 * A network HSM with payShield's host commands over TCP. Rejects with `device-away` while it cannot be reached and for
 * what it does not answer in time, `device-refused` (the reference is then command and error code), `not-supported`.
 */
export const openHostHsm = (settings: HostHsmSettings): HostHsm => {
  const { local } = settings;
  const device = new Device(settings);
  const record = new CommandRecord(undefined);
  const counted =
    <Order, Result>(name: string, run: (order: Order) => Promise<Result>) =>
    async (order: Order): Promise<Result> => {
      try {
        const result = await run(order);
        record.ended(name, result);
        return result;
      } catch (error) {
        throw record.refused(name, error);
      }
    };
  const { generateKey, importKey, exportKey } = keyCommands(device, local);
  const { mac, verifyMac } = macCommands(device);
  const { translatePin, verifyPin, makePinOffset } = pinCommands(device);
  const { makeCvv, verifyCvv, verifyArqc, makeArpc } = cardCommands(device, settings.chipScheme ?? '0');
  return {
    generateKey: counted('generateKey', generateKey),
    importComponents: counted('importComponents', async (order) =>
      isDeviceUse(order.use) ? unsupported() : local.importComponents(order),
    ),
    importKey: counted('importKey', importKey),
    exportKey: counted('exportKey', exportKey),
    keyInfo: async (ref) => {
      const key = await device.find(ref);
      return key ? { ref, use: key.use, bytes: key.bytes, kcv: key.kcv } : local.keyInfo(ref);
    },
    removeKey: counted('removeKey', async (ref) =>
      (await device.find(ref)) ? device.remove(ref) : local.removeKey(ref),
    ),
    mac: counted('mac', mac),
    verifyMac: counted('verifyMac', verifyMac),
    encryptPin: counted('encryptPin', async () => unsupported()),
    translatePin: counted('translatePin', translatePin),
    verifyPin: counted('verifyPin', verifyPin),
    makePinOffset: counted('makePinOffset', makePinOffset),
    makeCvv: counted('makeCvv', makeCvv),
    verifyCvv: counted('verifyCvv', verifyCvv),
    verifyArqc: counted('verifyArqc', verifyArqc),
    makeArpc: counted('makeArpc', makeArpc),
    encryptTrack: counted('encryptTrack', async () => unsupported()),
    decryptTrack: counted('decryptTrack', async () => unsupported()),
    hashPan: (order) => local.hashPan(order),
    seal: (order) => local.seal(order),
    open: (order) => local.open(order),
    counts: () => [...record.counts(), ...local.counts()],
    get isConnected() {
      return device.link.isConnected;
    },
    adoptKey: (key) => device.keep(key),
    diagnostics: async () => {
      const { fields } = await device.ask('NC', {});
      return { lmkCheck: fields['lmkCheck'] ?? '', firmware: fields['firmware'] ?? '' };
    },
    close: () => device.link.close(),
  };
};
