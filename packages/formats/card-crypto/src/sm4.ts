import {
  type Cipheriv,
  createCipheriv,
  createDecipheriv,
  createSecretKey,
  type Decipheriv,
  type KeyObject,
} from 'node:crypto';
import { CryptoError } from './crypto-error.ts';

const blockBytes = 16;
const tagBytes = 16;
const nothing = new Uint8Array(0);
const zeroVector = new Uint8Array(blockBytes);

const inspect = Symbol.for('nodejs.util.inspect.custom');

/** `ecb` and `cbc` take whole blocks and pad nothing; `cfb` (full-block feedback), `ofb` and `ctr` take any length. */
export type Sm4Mode = 'ecb' | 'cbc' | 'cfb' | 'ofb' | 'ctr';

/** `vector`: 16 bytes, the first counter block for `ctr`, nothing for `ecb`; zeros when left out. */
type Sm4Options = Readonly<{ mode: Sm4Mode; vector?: Uint8Array }>;

/**
 * An SM4 key (GB/T 32907) of 16 bytes, made ready for use: what `DesKey` is to triple DES. Keep it when the key is used
 * again. Prints masked.
 */
export class Sm4Key {
  readonly blockBytes = 16;
  readonly #key: KeyObject;
  #ecb: Cipheriv | undefined;
  #ecbBack: Decipheriv | undefined;

  /** Throws `key-length` unless the key has 16 bytes. */
  constructor(key: Uint8Array) {
    if (key.length !== 16) throw new CryptoError('key-length');
    this.#key = createSecretKey(key);
  }

  /** ECB without padding unless a mode is given. Throws `not-whole-blocks`. */
  encrypt(data: Uint8Array, options?: Sm4Options): Uint8Array {
    demandLengths(data, options);
    this.#ecb ??= createCipheriv('sm4-ecb', this.#key, null).setAutoPadding(false);
    if (options === undefined || options.mode === 'ecb') return plain(this.#ecb.update(data));
    const cipher = createCipheriv(`sm4-${options.mode}`, this.#key, options.vector ?? zeroVector);
    return plain(cipher.setAutoPadding(false).update(data));
  }

  /** ECB without padding unless a mode is given. Throws `not-whole-blocks`. */
  decrypt(data: Uint8Array, options?: Sm4Options): Uint8Array {
    demandLengths(data, options);
    this.#ecbBack ??= createDecipheriv('sm4-ecb', this.#key, null).setAutoPadding(false);
    if (options === undefined || options.mode === 'ecb') return plain(this.#ecbBack.update(data));
    const cipher = createDecipheriv(`sm4-${options.mode}`, this.#key, options.vector ?? zeroVector);
    return plain(cipher.setAutoPadding(false).update(data));
  }

  /** Last block of CBC with a zero initial vector, the data filled with zeros to whole blocks (at least one): 16 bytes. */
  chain(data: Uint8Array): Uint8Array {
    const blocks = Math.max(1, Math.ceil(data.length / blockBytes));
    const filled = new Uint8Array(blocks * blockBytes);
    filled.set(data);
    return this.encrypt(filled, { mode: 'cbc' }).slice(-blockBytes);
  }

  /** GCM (RFC 8998): the ciphertext and its 16-byte tag. A nonce is used once per key. */
  seal({ nonce, data, attributes }: Sm4Sealing): { data: Uint8Array; tag: Uint8Array } {
    const cipher = createCipheriv('sm4-gcm' as 'aes-128-gcm', this.#key, nonce).setAAD(attributes ?? nothing);
    const sealed = new Uint8Array([...cipher.update(data), ...cipher.final()]);
    return { data: sealed, tag: plain(cipher.getAuthTag()) };
  }

  /** Throws `tag-mismatch` when key, nonce, data, attributes or tag differ; nobody learns which. */
  open({ nonce, data, attributes, tag }: Sm4Sealing & { tag: Uint8Array }): Uint8Array {
    if (tag.length !== tagBytes) throw new CryptoError('tag-mismatch');
    const cipher = createDecipheriv('sm4-gcm' as 'aes-128-gcm', this.#key, nonce)
      .setAAD(attributes ?? nothing)
      .setAuthTag(tag);
    const opened = plain(cipher.update(data));
    try {
      cipher.final();
    } catch {
      throw new CryptoError('tag-mismatch');
    }
    return opened;
  }

  toJSON(): string {
    return '****';
  }

  [inspect](): string {
    return 'Sm4Key(****)';
  }
}

type Sm4Sealing = Readonly<{ nonce: Uint8Array; data: Uint8Array; attributes?: Uint8Array }>;

const demandLengths = (data: Uint8Array, options: Sm4Options | undefined): void => {
  const isBlockwise = options === undefined || options.mode === 'ecb' || options.mode === 'cbc';
  const isVector = options?.vector === undefined || options.vector.length === blockBytes;
  if ((isBlockwise && data.length % blockBytes !== 0) || !isVector) throw new CryptoError('not-whole-blocks');
};

/** A plain array of its own: node's small results share one pool, where a key would lie beside other data. */
const plain = (result: Uint8Array): Uint8Array => new Uint8Array(result);

/** A key as a function takes it: its bytes, or made ready when it is used again and again. */
export type Sm4KeyInput = Uint8Array | Sm4Key;

export const sm4Key = (key: Sm4KeyInput): Sm4Key => (key instanceof Sm4Key ? key : new Sm4Key(key));

/** Key check value: a block of zeros enciphered, 16 bytes; sign-in answers carry the first 4 or 8. */
export const sm4Kcv = (key: Sm4KeyInput): Uint8Array => sm4Key(key).encrypt(zeroVector);

/** SM4 of whole blocks, ECB without padding: how keys travel under keys. */
export const sm4EcbEncrypt = (key: Sm4KeyInput, data: Uint8Array): Uint8Array => sm4Key(key).encrypt(data);
export const sm4EcbDecrypt = (key: Sm4KeyInput, data: Uint8Array): Uint8Array => sm4Key(key).decrypt(data);
