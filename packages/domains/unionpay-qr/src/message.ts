import { createHash, type KeyObject, sign, verify } from 'node:crypto';

export type Fields = Readonly<Record<string, string>>;

/** All fields but the signature, names in ASCII order. */
const signedText = (fields: Fields): string =>
  Object.keys(fields)
    .filter((name) => name !== 'signature')
    .sort()
    .map((name) => `${name}=${fields[name]}`)
    .join('&');

/** What RSA signs in 5.1.0 is not the text but its SHA-256 in lower-case hex. */
const digestText = (fields: Fields): Buffer =>
  Buffer.from(createHash('sha256').update(signedText(fields)).digest('hex'));

export const signatureOf = (fields: Fields, key: KeyObject): string =>
  sign('sha256', digestText(fields), key).toString('base64');

export const isSignatureOf = (fields: Fields, signature: string, key: KeyObject): boolean =>
  verify('sha256', digestText(fields), key, Buffer.from(signature, 'base64'));

/** Of requests: what is empty is not sent. */
export const present = (fields: Readonly<Record<string, string | undefined>>): Fields =>
  Object.fromEntries(Object.entries(fields).flatMap(([name, value]) => (value ? [[name, value]] : [])));

/** A form, as notifications come: encoded. */
export const decodeForm = (text: string): Fields => Object.fromEntries(new URLSearchParams(text));

const closing: Readonly<Record<string, string>> = { '{': '}', '[': ']' };

/** An answer, which looks like a form and is not encoded; an ampersand inside {} or [] belongs to the value. */
export const decodeAnswer = (text: string): Fields => {
  const fields: Record<string, string> = {};
  let from = 0;
  let until = '';
  for (let at = 0; at <= text.length; at += 1) {
    const character = text[at] ?? '&';
    if (until !== '' && at < text.length) {
      if (character === until) until = '';
    } else if (character === '&') {
      const equals = text.indexOf('=', from);
      if (equals > from && equals < at) fields[text.slice(from, equals)] = text.slice(equals + 1, at);
      from = at + 1;
    } else until = closing[character] ?? '';
  }
  return fields;
};
