import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

export type V2Fields = Readonly<Record<string, string>>;
export type V2SignType = 'MD5' | 'HMAC-SHA256';

/** What is not empty, sorted by name, with the key at the end. */
export const v2Sign = (fields: V2Fields, key: string, type: V2SignType): string => {
  const parts = Object.keys(fields)
    .filter((name) => name !== 'sign' && fields[name] !== '')
    .sort()
    .map((name) => `${name}=${fields[name]}`);
  const text = `${parts.join('&')}&key=${key}`;
  const digest = type === 'MD5' ? createHash('md5').update(text) : createHmac('sha256', key).update(text);
  return digest.digest('hex').toUpperCase();
};

export const isV2Signed = (fields: V2Fields, key: string, type: V2SignType): boolean => {
  const right = Buffer.from(v2Sign(fields, key, type));
  const given = Buffer.from(fields.sign ?? '');
  return right.length === given.length && timingSafeEqual(right, given);
};

/** Each element begins where the one before ended: what is no XML costs one look, however long it is. */
const elements = /\s*<([A-Za-z_]\w*)>(?:\s*<!\[CDATA\[([^]*?)\]\]>\s*|([^<]*))<\/\1>/gy;

/** Flat XML: elements with text or CDATA. Undefined for anything else; declarations of documents and entities are never read. */
export const readXml = (text: string): V2Fields | undefined => {
  const inner = /^\uFEFF?\s*(?:<\?xml[^>]*\?>\s*)?<xml>([^]*)<\/xml>\s*$/.exec(text)?.[1];
  if (inner === undefined) return undefined;
  const fields = new Map<string, string>();
  let end = 0;
  for (const { 0: whole, 1: name = '', 2: data, 3: plain = '', index } of inner.matchAll(elements)) {
    fields.set(name, data ?? unescaped(plain));
    end = index + whole.length;
  }
  return inner.slice(end).trim() === '' ? Object.fromEntries(fields) : undefined;
};

const signs: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };
const unescaped = (text: string): string =>
  text.replaceAll(/&(lt|gt|quot|apos|amp);/g, (_whole, name: string) => signs[name] ?? '');

const element = (name: string, value: string): string =>
  `<${name}><![CDATA[${value.replaceAll(']]>', ']] >')}]]></${name}>`;

export const writeXml = (fields: V2Fields): string =>
  `<xml>\n${Object.entries(fields)
    .map(([name, value]) => element(name, value))
    .join('\n')}\n</xml>`;
