/**
 * What an answer's code says of the transaction it is about: `pending` needs a query, because money may have moved, `duplicate` was there
 * before, `given-back` was reversed, voided or refunded; every code that is not here is `refused`.
 */
export type CodeMeaning = 'done' | 'pending' | 'duplicate' | 'not-found' | 'given-back' | 'refused';
type ResponseCode = Readonly<{ zh: string; en: string; meaning: CodeMeaning }>;

const refused = (zh: string, en: string): ResponseCode => ({ zh, en, meaning: 'refused' });

/** respCode of 全渠道平台接入接口规范, appendix: what a payment code or a QR code can come to. */
export const unionPayCodes: Readonly<Record<string, ResponseCode>> = {
  '00': { zh: '成功', en: 'Success', meaning: 'done' },
  A6: { zh: '有缺陷的成功', en: 'Success with a defect', meaning: 'done' },
  '01': refused('交易失败', 'Failed'),
  '02': refused('系统未开放或暂时关闭', 'The system is closed for now'),
  '03': { zh: '交易通讯超时，请发起查询交易', en: 'Timed out; query it', meaning: 'pending' },
  '04': { zh: '交易状态未明，请查询对账结果', en: 'State unknown; query it', meaning: 'pending' },
  '05': { zh: '交易已受理，请稍后查询交易结果', en: 'Accepted; query the outcome', meaning: 'pending' },
  '06': { zh: '系统繁忙，请稍后再试', en: 'Busy; try again', meaning: 'pending' },
  '10': refused('报文格式错误', 'Malformed'),
  '11': refused('验证签名失败', 'Wrong signature'),
  '12': { zh: '重复交易', en: 'Seen before', meaning: 'duplicate' },
  '13': refused('报文交易要素缺失', 'A field is missing'),
  '30': refused('交易未通过', 'Not passed'),
  '31': refused('商户状态不正确', 'The merchant is not in order'),
  '32': refused('无此交易权限', 'Not allowed to this merchant'),
  '33': refused('交易金额超限', 'Over the limit'),
  '34': { zh: '查无此交易', en: 'No such transaction', meaning: 'not-found' },
  '35': refused('原交易不存在或状态不正确', 'The original is missing or in another state'),
  '36': refused('与原交易信息不符', 'Not as the original says'),
  '37': refused('已超过最大查询次数或操作过于频繁', 'Too often'),
  '38': refused('银联风险受限', 'Held by risk control'),
  '39': refused('交易不在受理时间范围内', 'Not within the time allowed'),
  '42': { zh: '扣款成功但交易超过规定支付时间', en: 'Paid after the time allowed; query it', meaning: 'pending' },
  '43': refused('无此业务权限', 'This business is not allowed'),
  '45': { zh: '原交易已被成功退货或已被成功撤销', en: 'Refunded or voided before', meaning: 'given-back' },
  '46': { zh: '交易已被成功冲正', en: 'Reversed before', meaning: 'given-back' },
  '60': refused('交易失败，详情请咨询您的发卡行', 'Refused by the bank'),
  '61': refused('输入的卡号无效', 'No such card'),
  '63': refused('卡状态不正确', 'The card is not in order'),
  '64': refused('卡上的余额不足', 'Not enough on the card'),
  '65': refused('输入的密码、有效期或CVN2有误', 'Wrong password'),
  '67': refused('密码输入次数超限', 'Too many wrong passwords'),
  '73': refused('支付卡已超过有效期', 'The card has expired'),
  '77': refused('银行卡未开通认证支付', 'The card is not open for this'),
  '98': refused('文件不存在', 'No such file'),
  '99': refused('通用错误', 'General error'),
};

export const meaningOf = (code: string): CodeMeaning => unionPayCodes[code]?.meaning ?? 'refused';
