import { createPrivateKey } from 'node:crypto';
import { AnswerTooLong, fetchSend, fileTimeoutMs, isBeforeConnection, type Send } from '@zhanggui/https-call';
import { type EpochMs, epochMs, wallClock } from '@zhanggui/time';
import { certIdOf, openSigners } from './certificates.ts';
import { decodeAnswer, decodeForm, type Fields, isSignatureOf, present, signatureOf } from './message.ts';
import { UnionPayError } from './unionpay-error.ts';

export type UnionPaySettings = Readonly<{
  /** 商户号, 15 characters. */
  merId: string;
  /** The merchant's certificate and its key, PEM (UnionPay hands out a .pfx). */
  certificate: string;
  privateKey: string;
  /** Root and intermediate certificates that stand behind UnionPay's signatures, PEM each. */
  authorities: readonly string[];
  /** Whose certificate must sign; UnionPay's own name by default. */
  signer?: string;
  gateway?: string;
  files?: string;
  timeoutMs?: number;
  now?: () => EpochMs;
  send?: Send;
}>;

type GatewayCall = Readonly<{
  path: 'backTransReq.do' | 'queryTrans.do' | 'files';
  fields: Readonly<Record<string, string | undefined>>;
  place: string;
  bytesMax?: number;
}>;
export interface Gateway {
  readonly merId: string;
  now(): EpochMs;
  /** Signed, sent once; the verified answer, whatever its respCode. Throws `UnionPayError`. */
  call(call: GatewayCall): Promise<Fields>;
  /** A notification's form, verified. */
  read(body: Uint8Array): Fields;
}

const productionGateway = 'https://gateway.95516.com';
const productionFiles = 'https://filedownload.95516.com/';
const unionPayName = '中国银联股份有限公司';
const callBytesMax = 1_048_576;

/** yyyyMMddHHmmss in Beijing: with the order's number it names a transaction. */
export const txnTimeOf = (at: EpochMs): string => wallClock(at).replace(/\D/g, '');

const networkError = (fault: unknown, place: string): UnionPayError => {
  if (fault instanceof UnionPayError) return fault;
  if (fault instanceof AnswerTooLong) return new UnionPayError('answer-malformed', place);
  return new UnionPayError(isBeforeConnection(fault) ? 'not-sent' : 'outcome-unknown', place);
};

/** Throws when a key or a certificate cannot be read. */
export const openGateway = (settings: UnionPaySettings): Gateway => {
  const { merId, timeoutMs = 20_000, now = () => epochMs(Date.now()), send = fetchSend } = settings;
  const { gateway = productionGateway, files = productionFiles } = settings;
  const key = createPrivateKey(settings.privateKey);
  const certId = certIdOf(settings.certificate);
  const signers = openSigners(settings.authorities, settings.signer ?? unionPayName);
  const verified = (fields: Fields, place: string): Fields => {
    const { signature, signPubKeyCert, respCode } = fields;
    if (respCode === undefined) throw new UnionPayError('answer-malformed', place);
    if (!signature || !signPubKeyCert) throw new UnionPayError('signature-missing', place);
    if (!isSignatureOf(fields, signature, signers.keyOf(signPubKeyCert, now())))
      throw new UnionPayError('signature-wrong', place);
    if (fields.merId !== merId) throw new UnionPayError('other-merchant', 'merId');
    return fields;
  };
  const common = { version: '5.1.0', encoding: 'UTF-8', signMethod: '01', bizType: '000000', accessType: '0' };
  return {
    merId,
    now,
    async call({ path, fields, place, bytesMax = callBytesMax }) {
      const unsigned = present({ ...common, merId, certId, ...fields });
      const body = new URLSearchParams({ ...unsigned, signature: signatureOf(unsigned, key) }).toString();
      const isFile = path === 'files';
      const url = isFile ? files : `${gateway}/gateway/api/${path}`;
      const headers = { 'Content-Type': 'application/x-www-form-urlencoded;charset=UTF-8' };
      try {
        const patience = { timeoutMs: isFile ? fileTimeoutMs : timeoutMs, bytesMax };
        const answer = await send({ method: 'POST', url, headers, body, ...patience });
        if (answer.status !== 200) throw new UnionPayError('outcome-unknown', place);
        return verified(decodeAnswer(Buffer.from(answer.body).toString()), place);
      } catch (fault) {
        throw networkError(fault, place);
      }
    },
    read: (body) => verified(decodeForm(Buffer.from(body).toString()), 'notification'),
  };
};
