import { isDatabaseAway } from '@zhanggui/store';
import type { FastifyError, FastifyInstance } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import type { ApiError, Bilingual } from './contract.ts';

/** Every refusal of the api: its HTTP status and what it says. docs/errors.md shows this table. */
export const apiErrors = {
  'invalid-request': { status: 400, zh: '请求内容不符合约定', en: 'The request is not what was agreed' },
  'sign-in-needed': { status: 401, zh: '请先登录', en: 'Sign in first' },
  'sign-in-refused': { status: 401, zh: '工号或密码不对', en: 'Staff number or PIN is wrong' },
  'office-sign-in-refused': { status: 401, zh: '用户名或密码不对', en: 'User name or password is wrong' },
  'not-allowed': { status: 403, zh: '没有这项权限', en: 'You have no right to do this' },
  'other-terminal': { status: 403, zh: '这台终端不属于本收银台', en: 'This terminal belongs to another till' },
  'other-origin': { status: 403, zh: '请求来自别的网站', en: 'The request comes from another site' },
  'other-till': { status: 403, zh: '这笔付款不属于本收银台', en: 'This payment belongs to another till' },
  'not-found': { status: 404, zh: '没有找到', en: 'Not found' },
  'sandbox-off': { status: 404, zh: '沙箱没有开启', en: 'The sandbox is off' },
  'card-not-found': { status: 404, zh: '没有这张卡，或卡上没有芯片', en: 'No such card, or it has no chip' },
  'another-shift-open': {
    status: 409,
    zh: '本台还有一个班次没有交班',
    en: 'Another shift is still open on this till',
  },
  'shift-closed': { status: 409, zh: '这个班次已经交班', en: 'This shift is closed' },
  'request-conflict': {
    status: 409,
    zh: '同一请求号的金额不同',
    en: 'The same request came before with another amount',
  },
  'wallet-not-offered': { status: 409, zh: '本店没有开通这种钱包', en: 'This shop does not take this wallet' },
  'payment-code-unknown': { status: 409, zh: '这不是付款码', en: 'That is not a payment code' },
  'payment-code-not-taken': {
    status: 409,
    zh: '这种付款码收不了，请顾客出示数字付款码',
    en: 'This kind of code cannot be taken: ask for the payment code with digits',
  },
  'payment-not-refundable': {
    status: 409,
    zh: '这笔付款没有可退的钱',
    en: 'This payment has no money to give back',
  },
  'refund-exceeds-payment': {
    status: 409,
    zh: '退款超过了还可退的金额',
    en: 'That is more than is left to give back',
  },
  'refund-needs-no-card': {
    status: 409,
    zh: '这笔退款不需要银行卡，或这种钱包不能退到银行卡',
    en: 'This refund needs no card, or its wallet pays to none',
  },
  'card-not-taken': {
    status: 409,
    zh: '钱包不接受这张银行卡，请核对银行、卡号和姓名',
    en: 'The wallet does not take this card: check bank, number and name',
  },
  'too-large': { status: 413, zh: '内容太大', en: 'The content is too large' },
  locked: {
    status: 429,
    zh: '错误次数过多，请稍后再试',
    en: 'Too many wrong guesses; try again in a few minutes',
  },
  'too-many-requests': { status: 429, zh: '请求过于频繁，请稍后再试', en: 'Too many requests; try again soon' },
  'bill-unavailable': {
    status: 502,
    zh: '现在取不到这一天的对账单',
    en: 'The bill of that day cannot be had now',
  },
  'bill-unusable': {
    status: 502,
    zh: '对账单读不懂或校验不符，没有采用',
    en: 'The bill cannot be read or its hash is wrong; it was not used',
  },
  internal: {
    status: 500,
    zh: '系统出错，已记录，请稍后再试',
    en: 'Something broke on our side and was recorded; try again',
  },
  'database-away': {
    status: 503,
    zh: '数据库暂时连不上，请稍后再试',
    en: 'The database cannot be reached just now; try again in a moment',
  },
} as const satisfies Record<string, Bilingual & { status: number }>;

export type ApiErrorCode = keyof typeof apiErrors;

/** Thrown by a route to refuse; the body follows from the table. `details` never carries what was sent. */
export class Refusal extends Error {
  readonly code: ApiErrorCode;
  readonly statusCode: number;
  readonly details: unknown;
  constructor(code: ApiErrorCode, details?: unknown) {
    super(code);
    this.name = 'Refusal';
    this.code = code;
    this.statusCode = apiErrors[code].status;
    this.details = details;
  }
}

export const errorBody = (code: ApiErrorCode, details?: unknown): ApiError => {
  const { zh, en } = apiErrors[code];
  return { error: { code, message: { zh, en }, ...(details === undefined ? {} : { details }) } };
};

/** Gives every failure of every route the same shape. */
export const uniformErrors = (app: FastifyInstance): void => {
  app.setNotFoundHandler((_request, reply) => reply.status(404).send(errorBody('not-found')));
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const { code, details } = refusalOf(error);
    if (code === 'database-away') request.log.warn({ err: error }, 'a request found the database away');
    if (code !== 'internal') return reply.status(apiErrors[code].status).send(errorBody(code, details));
    request.log.error({ err: error, reference: request.id }, 'a request failed');
    return reply.status(500).send(errorBody('internal', { reference: request.id }));
  });
};

const refusalOf = (error: FastifyError): { code: ApiErrorCode; details?: unknown } => {
  if (error instanceof Refusal) return { code: error.code, details: error.details };
  if (hasZodFastifySchemaValidationErrors(error))
    return {
      code: 'invalid-request',
      details: error.validation.map(({ instancePath, keyword }) => ({ path: instancePath, rule: keyword })),
    };
  if (isDatabaseAway(error)) return { code: 'database-away' };
  if (error.statusCode === 413) return { code: 'too-large' };
  if (error.statusCode === 429) return { code: 'too-many-requests' };
  return { code: (error.statusCode ?? 500) < 500 ? 'invalid-request' : 'internal' };
};
