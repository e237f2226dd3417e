import { createHash, createHmac, type KeyObject, timingSafeEqual } from 'node:crypto';
import { WeChatPayError } from './wechatpay-error.ts';

export type V2SignType = 'MD5' | 'HMAC-SHA256';
export type V2Fields = Readonly<Record<string, string>>;

/** v2 signs what is not empty, sorted by name, with the key at the end. */
export const v2Signature = (fields: V2Fields, key: KeyObject, type: V2SignType): string => {
  const pairs = Object.entries(fields).filter(([name, value]) => name !== 'sign' && value !== '');
  const secret = key.export();
  const list = pairs.sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, value]) => `${name}=${value}`);
  const text = Buffer.concat([Buffer.from(`${list.join('&')}&key=`), secret]);
  const digest = type === 'MD5' ? createHash('md5').update(text) : createHmac('sha256', secret).update(text);
  return digest.digest('hex').toUpperCase();
};

export const isV2SignatureOf = (fields: V2Fields, key: KeyObject, type: V2SignType): boolean => {
  const right = Buffer.from(v2Signature(fields, key, type));
  const given = Buffer.from(fields.sign ?? '');
  return given.length === right.length && timingSafeEqual(given, right);
};

const entities: Readonly<Record<string, string>> = {
  '&lt;': '<',
  '&gt;': '>',
  '&amp;': '&',
  '&quot;': '"',
  '&apos;': "'",
};
const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
const unescaped = (text: string): string =>
  text.replaceAll(/&(?:lt|gt|amp|quot|apos);/g, (entity) => entities[entity] ?? entity);

export const encodeV2 = (fields: V2Fields): string =>
  `<xml>${Object.entries(fields)
    .map(([name, value]) => `<${name}>${escaped(value)}</${name}>`)
    .join('')}</xml>`;

/** Each element begins where the one before ended: what is no XML costs one look, however long it is. */
const elements = /\s*<([A-Za-z_]\w*)>(?:\s*<!\[CDATA\[([\s\S]*?)\]\]>\s*|([^<]*))<\/\1>/gy;

/** Flat XML as v2 speaks it: one level of elements, each once, no declarations of documents or entities. */
export const decodeV2 = (text: string): V2Fields => {
  const inside = /^\uFEFF?\s*(?:<\?xml[^>]*\?>\s*)?<xml>([\s\S]*)<\/xml>\s*$/.exec(text)?.[1];
  if (inside === undefined) throw new WeChatPayError('answer-malformed', 'xml');
  const fields: Record<string, string> = {};
  let end = 0;
  for (const { 0: whole, 1: name = '', 2: data, 3: plain = '', index } of inside.matchAll(elements)) {
    if (Object.hasOwn(fields, name) || name === '__proto__') throw new WeChatPayError('answer-malformed', name);
    fields[name] = data ?? unescaped(plain);
    end = index + whole.length;
  }
  if (inside.slice(end).trim() !== '') throw new WeChatPayError('answer-malformed', 'xml');
  return fields;
};
