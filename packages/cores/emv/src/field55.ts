/** Field 55 as UnionPay orders it: request, reversal and script notice (online message of a chip transaction). */
import { concat } from '@zhanggui/bytes';
import { encodeTlv } from '@zhanggui/tlv';
import type { Session } from './session.ts';

const requestTags =
  '9F26 9F27 9F10 9F37 9F36 95 9A 9C 9F02 5F2A 82 9F1A 9F03 9F33 9F34 9F35 9F1E 84 9F09 9F41 9F63'.split(' ');
const reversalTags = '95 9F1E 9F10 9F36 DF31'.split(' ');
const scriptNoticeTags = '9F33 95 9F37 9F1E 9F10 9F26 9F36 82 DF31 9F1A 9A'.split(' ');

export const requestField55 = (session: Session): Uint8Array => build(session, requestTags);
export const reversalField55 = (session: Session): Uint8Array => build(session, reversalTags);

/** Undefined when the issuer has sent no script. */
export const scriptNoticeField55 = (session: Session): Uint8Array | undefined =>
  session.scriptResults.length > 0 ? build(session, scriptNoticeTags) : undefined;

const build = (session: Session, tags: readonly string[]): Uint8Array =>
  encodeTlv(
    tags.flatMap((tag) => {
      const value = tag === 'DF31' ? concat(...session.scriptResults) : session.data.get(tag);
      return value && value.length > 0 ? [{ tag, value }] : [];
    }),
  );
