import { type KeyObject, sign, verify } from 'node:crypto';

/** Names in ASCII order, empty values left out. */
export const signedText = (fields: Readonly<Record<string, string>>): string =>
  Object.keys(fields)
    .filter((name) => fields[name] !== '')
    .sort()
    .map((name) => `${name}=${fields[name]}`)
    .join('&');

/** RSA2: SHA256 with RSA, PKCS#1 v1.5, Base64. */
export const rsa2 = (text: string, key: KeyObject): string => sign('sha256', Buffer.from(text), key).toString('base64');

export const isRsa2Of = (text: string, signature: string, key: KeyObject): boolean =>
  verify('sha256', Buffer.from(text), key, Buffer.from(signature, 'base64'));

/** What the signature of a notification covers: decoded values, without the signature and its type. */
export const notificationText = (fields: Readonly<Record<string, string>>): string => {
  const { sign: _sign, sign_type: _type, ...rest } = fields;
  return signedText(rest);
};

const endOfText = (json: string, from: number): number => {
  let at = from + 1;
  while (at < json.length && json[at] !== '"') at += json[at] === '\\' ? 2 : 1;
  return at + 1;
};

const endOfValue = (json: string, from: number): number => {
  let depth = 0;
  let at = from;
  while (at < json.length) {
    const character = json[at] ?? '';
    if (character === '"') {
      at = endOfText(json, at);
      continue;
    }
    if (depth === 0 && (character === ',' || character === '}')) return at;
    if (character === '{' || character === '[') depth += 1;
    if (character === '}' || character === ']') depth -= 1;
    at += 1;
  }
  return at;
};

/**
 * The members of a JSON object as they were written. Alipay signs the text of a node, so it must not be parsed and written
 * again. `json` is known to be an object that parses.
 */
export const rawMembers = (json: string): ReadonlyMap<string, string> => {
  const members = new Map<string, string>();
  let at = json.indexOf('"');
  while (at >= 0) {
    const nameEnd = endOfText(json, at);
    const valueStart = json.indexOf(':', nameEnd) + 1;
    const valueEnd = endOfValue(json, valueStart);
    members.set(String(JSON.parse(json.slice(at, nameEnd))), json.slice(valueStart, valueEnd).trim());
    at = json.indexOf('"', valueEnd);
  }
  return members;
};
