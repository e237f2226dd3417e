/** A success · B failure that may be tried again · C failure that may not · D operator action · E system fault. */
export type ResponseCategory = 'A' | 'B' | 'C' | 'D' | 'E';

export type ResponseCode = {
  readonly zh: string;
  readonly en: string;
  readonly category: ResponseCategory;
  /** The terminal's keys or batch are not the host's: it must sign in again. */
  readonly signInAgain?: true;
};

const A = (zh: string, en: string): ResponseCode => ({ zh, en, category: 'A' });
const B = (zh: string, en: string): ResponseCode => ({ zh, en, category: 'B' });
const C = (zh: string, en: string): ResponseCode => ({ zh, en, category: 'C' });
const D = (zh: string, en: string): ResponseCode => ({ zh, en, category: 'D' });
const E = (zh: string, en: string): ResponseCode => ({ zh, en, category: 'E' });

/** Field 39 as UnionPay members use it today. The wording is ours. */
export const RESPONSE_CODES: Readonly<Record<string, ResponseCode>> = {
  '00': A('交易成功', 'Approved'),
  '01': C('请持卡人与发卡行联系', 'Please contact the card issuer'),
  '03': C('无效商户', 'Merchant not valid'),
  '04': D('请没收此卡', 'Keep the card'),
  '05': C('身份认证失败', 'Identity check failed'),
  '10': A('部分金额批准', 'Approved in part'),
  '11': A('重要人物批准', 'Approved, VIP'),
  '12': C('无效交易', 'Transaction not valid'),
  '13': B('无效金额', 'Amount not valid'),
  '14': B('无效卡号', 'Card number not valid'),
  '15': C('此卡无对应发卡方', 'Card issuer not found'),
  '21': C('卡未初始化或睡眠卡', 'Card not activated or dormant'),
  '22': C('操作有误或超出允许天数', 'Not allowed, or too late'),
  '25': C('没有原始交易', 'Original transaction not found'),
  '30': C('报文格式错误', 'Message format error'),
  '34': D('有作弊嫌疑的卡', 'Suspected fraud: keep the card'),
  '38': D('密码错误次数超限', 'Too many wrong PINs: keep the card'),
  '40': C('发卡方不支持此交易', 'Transaction not supported'),
  '41': D('此卡已挂失', 'Card reported lost'),
  '43': D('此卡被盗', 'Card reported stolen'),
  '45': C('请使用芯片', 'Use the chip'),
  '51': C('余额不足', 'Insufficient funds'),
  '54': C('卡已过期', 'Card expired'),
  '55': C('密码错误', 'Wrong PIN'),
  '57': C('不允许此卡交易', 'Not permitted for this card'),
  '58': C('不允许此终端交易', 'Not permitted at this terminal'),
  '59': C('卡片校验错误', 'Card verification failed'),
  '61': C('交易金额超限', 'Amount over the limit'),
  '62': C('受限制的卡', 'Card restricted'),
  '64': C('与原交易金额不符', 'Amount differs from the original'),
  '65': C('交易次数超限', 'Too many transactions'),
  '68': C('发卡方应答超时', 'Answer too late'),
  '75': C('密码错误次数超限', 'Too many wrong PINs'),
  '77': { ...D('批次不一致，请重新签到', 'Batch differs: sign in again'), signInAgain: true },
  '79': C('脱机对账不平', 'Offline totals differ'),
  '90': C('系统日切，请稍后重试', 'End of day in progress: try later'),
  '91': C('发卡方状态不正常', 'Card issuer not available'),
  '92': C('线路异常', 'Line fault'),
  '94': C('重复交易', 'Duplicate transaction'),
  '96': C('系统异常', 'System fault'),
  '97': D('终端未登记', 'Terminal not registered'),
  '98': E('发卡方超时', 'Card issuer timed out'),
  '99': { ...B('密码格式错误，请重新签到', 'PIN format error: sign in again'), signInAgain: true },
  A0: { ...B('校验错误，请重新签到', 'MAC error: sign in again'), signInAgain: true },
  A1: C('转账货币不一致', 'Transfer currencies differ'),
  A2: A('交易成功，请向入账行确认', 'Approved: confirm with the receiving bank'),
  A3: B('资金到账行账号不正确', 'Receiving account not found'),
  A4: A('交易成功，请向入账行确认', 'Approved: confirm with the receiving bank'),
  A5: A('交易成功，请向入账行确认', 'Approved: confirm with the receiving bank'),
  A6: A('交易成功，请向入账行确认', 'Approved: confirm with the receiving bank'),
  A7: B('安全处理失败', 'Security processing failed'),
};

const UNKNOWN: ResponseCode = { zh: '交易失败', en: 'Transaction failed', category: 'C' };

export const responseCode = (code: string): ResponseCode => RESPONSE_CODES[code] ?? UNKNOWN;

/** Answers to a reversal after which nothing of the original is left to undo. */
const REVERSAL_DONE: ReadonlySet<string> = new Set(['00', '12', '25']);

export const isReversalDone = (code: string): boolean => REVERSAL_DONE.has(code);
