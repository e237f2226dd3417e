import { bit, code, type Rule } from './meaning.ts';

/** Bits that have a name of their own, from 1 and from 8: byte, bit, what it says. */
type NamedBits = Readonly<Record<string, readonly [byte: number, bit: number, en: string, zh: string]>>;

const rulesOf = (bits: NamedBits): Rule[] => Object.values(bits).map((row) => bit(...row));

/** Terminal verification results (EMV Book 3 C5): what a kernel sets. */
export const TVR_BITS = {
  'oda-not-performed': [1, 8, 'Offline data authentication was not performed', '未进行脱机数据认证'],
  'sda-failed': [1, 7, 'Static data authentication failed', '脱机静态数据认证失败'],
  'icc-data-missing': [1, 6, 'Chip data missing', 'IC卡数据缺失'],
  'card-on-exception-file': [1, 5, 'Card is on the exception file', '卡片在终端异常文件中'],
  'dda-failed': [1, 4, 'Dynamic data authentication failed', '脱机动态数据认证失败'],
  'cda-failed': [1, 3, 'Combined data authentication failed', '复合动态数据认证失败'],
  'sda-selected': [1, 2, 'Static data authentication selected', '已选择静态数据认证'],
  'application-versions-differ': [
    2,
    8,
    'Card and terminal have different application versions',
    '卡片与终端应用版本不一致',
  ],
  'application-expired': [2, 7, 'Application has expired', '应用已过期'],
  'application-not-yet-effective': [2, 6, 'Application is not yet effective', '应用尚未生效'],
  'service-not-allowed': [2, 5, 'Requested service is not allowed for this card', '卡片不允许所请求的服务'],
  'new-card': [2, 4, 'New card', '新卡'],
  'cardholder-verification-failed': [3, 8, 'Cardholder verification was not successful', '持卡人验证未成功'],
  'cvm-unrecognised': [3, 7, 'Cardholder verification method not recognised', '未知的持卡人验证方法'],
  'pin-try-limit-exceeded': [3, 6, 'PIN try limit exceeded', 'PIN重试次数超限'],
  'pin-pad-missing': [
    3,
    5,
    'PIN required, but the PIN pad is missing or out of order',
    '要求输入PIN，但密码键盘不存在或有故障',
  ],
  'pin-not-entered': [
    3,
    4,
    'PIN required, the pad is there, but no PIN was entered',
    '要求输入PIN，密码键盘正常，但未输入',
  ],
  'online-pin-entered': [3, 3, 'Online PIN entered', '已输入联机PIN'],
  'floor-limit-exceeded': [4, 8, 'Transaction exceeds the floor limit', '交易超过最低限额'],
  'lower-offline-limit-exceeded': [4, 7, 'Lower consecutive offline limit exceeded', '超过连续脱机交易下限'],
  'upper-offline-limit-exceeded': [4, 6, 'Upper consecutive offline limit exceeded', '超过连续脱机交易上限'],
  'selected-randomly': [4, 5, 'Selected at random for going online', '被随机选择为联机交易'],
  'merchant-forced-online': [4, 4, 'Merchant forced the transaction online', '商户要求联机交易'],
  'default-tdol-used': [5, 8, 'Default TDOL used', '使用缺省TDOL'],
  'issuer-authentication-failed': [5, 7, 'Issuer authentication failed', '发卡行认证失败'],
  'script-failed-before-final': [
    5,
    6,
    'Script failed before the final cryptogram',
    '最后一次生成应用密文前脚本处理失败',
  ],
  'script-failed-after-final': [5, 5, 'Script failed after the final cryptogram', '最后一次生成应用密文后脚本处理失败'],
} as const satisfies NamedBits;

/** Tag 95 (EMV Book 3 C5; byte 5 bits 4 to 1 are of contactless kernels). The action codes share it. */
export const verificationResults: readonly Rule[] = [
  ...rulesOf(TVR_BITS),
  bit(5, 4, 'Relay resistance threshold exceeded', '抗中继门限超限'),
  bit(5, 3, 'Relay resistance time limits exceeded', '抗中继时限超限'),
  code(5, 0x03, 0x01, 'Relay resistance protocol not performed', '未执行抗中继协议'),
  code(5, 0x03, 0x02, 'Relay resistance protocol performed', '已执行抗中继协议'),
];

/** Transaction status information (EMV Book 3 C6). */
export const TSI_BITS = {
  'oda-performed': [1, 8, 'Offline data authentication was performed', '已进行脱机数据认证'],
  'cardholder-verification-performed': [1, 7, 'Cardholder verification was performed', '已进行持卡人验证'],
  'card-risk-management-performed': [1, 6, 'Card risk management was performed', '已进行卡片风险管理'],
  'issuer-authentication-performed': [1, 5, 'Issuer authentication was performed', '已进行发卡行认证'],
  'terminal-risk-management-performed': [1, 4, 'Terminal risk management was performed', '已进行终端风险管理'],
  'script-processing-performed': [1, 3, 'Script processing was performed', '已进行脚本处理'],
} as const satisfies NamedBits;

/** Tag 9B. */
export const statusInformation: readonly Rule[] = rulesOf(TSI_BITS);

/** Tag 82 (EMV Book 3 C1; byte 1 bit 2 and byte 2 are of contactless kernels). */
export const interchangeProfile: readonly Rule[] = [
  bit(1, 7, 'Static data authentication supported', '支持静态数据认证(SDA)'),
  bit(1, 6, 'Dynamic data authentication supported', '支持动态数据认证(DDA)'),
  bit(1, 5, 'Cardholder verification supported', '支持持卡人验证'),
  bit(1, 4, 'Terminal risk management is to be performed', '需进行终端风险管理'),
  bit(1, 3, 'Issuer authentication supported', '支持发卡行认证'),
  bit(1, 2, 'On-device cardholder verification supported', '支持设备端持卡人验证'),
  bit(1, 1, 'Combined data authentication supported', '支持复合动态数据认证(CDA)'),
  bit(2, 8, 'EMV mode supported (contactless)', '支持EMV模式(非接触)'),
  bit(2, 1, 'Relay resistance protocol supported', '支持抗中继协议'),
];

/** Tag 9F07 (EMV Book 3 C2). */
export const usageControl: readonly Rule[] = [
  bit(1, 8, 'Valid for domestic cash', '国内现金交易有效'),
  bit(1, 7, 'Valid for international cash', '国际现金交易有效'),
  bit(1, 6, 'Valid for domestic goods', '国内商品有效'),
  bit(1, 5, 'Valid for international goods', '国际商品有效'),
  bit(1, 4, 'Valid for domestic services', '国内服务有效'),
  bit(1, 3, 'Valid for international services', '国际服务有效'),
  bit(1, 2, 'Valid at ATMs', 'ATM有效'),
  bit(1, 1, 'Valid at terminals other than ATMs', '除ATM外的终端有效'),
  bit(2, 8, 'Domestic cashback allowed', '允许国内返现'),
  bit(2, 7, 'International cashback allowed', '允许国际返现'),
];

/** Tag 9F33 (EMV Book 4 A2); byte 2 bit 1 is PBOC's. */
export const terminalCapabilities: readonly Rule[] = [
  bit(1, 8, 'Manual key entry', '手工键盘输入'),
  bit(1, 7, 'Magnetic stripe', '磁条'),
  bit(1, 6, 'Chip with contacts', '接触式IC卡'),
  bit(2, 8, 'Plaintext PIN checked by the card', 'IC卡明文PIN验证'),
  bit(2, 7, 'Enciphered PIN checked online', '联机加密PIN验证'),
  bit(2, 6, 'Signature on paper', '签名(纸)'),
  bit(2, 5, 'Enciphered PIN checked by the card', 'IC卡密文PIN验证'),
  bit(2, 4, 'No cardholder verification required', '无需持卡人验证'),
  bit(2, 1, 'Cardholder’s identity document (PBOC)', '持卡人证件验证(PBOC)'),
  bit(3, 8, 'Static data authentication', '静态数据认证(SDA)'),
  bit(3, 7, 'Dynamic data authentication', '动态数据认证(DDA)'),
  bit(3, 6, 'Card capture', '吞卡'),
  bit(3, 4, 'Combined data authentication', '复合动态数据认证(CDA)'),
];

const codeTable = (byte: number, number: number, table: number): Rule =>
  bit(byte, number, `Code table ${table}`, `编码表${table}`);

/** Tag 9F40 (EMV Book 4 A3). */
export const additionalCapabilities: readonly Rule[] = [
  bit(1, 8, 'Cash', '现金'),
  bit(1, 7, 'Goods', '商品'),
  bit(1, 6, 'Services', '服务'),
  bit(1, 5, 'Cashback', '返现'),
  bit(1, 4, 'Inquiry', '查询'),
  bit(1, 3, 'Transfer', '转账'),
  bit(1, 2, 'Payment', '付款'),
  bit(1, 1, 'Administrative', '管理'),
  bit(2, 8, 'Cash deposit', '存款'),
  bit(3, 8, 'Numeric keys', '数字键'),
  bit(3, 7, 'Alphabetic and special keys', '字母和特殊字符键'),
  bit(3, 6, 'Command keys', '命令键'),
  bit(3, 5, 'Function keys', '功能键'),
  bit(4, 8, 'Prints for the attendant', '打印(服务员)'),
  bit(4, 7, 'Prints for the cardholder', '打印(持卡人)'),
  bit(4, 6, 'Displays to the attendant', '显示(服务员)'),
  bit(4, 5, 'Displays to the cardholder', '显示(持卡人)'),
  codeTable(4, 2, 10),
  codeTable(4, 1, 9),
  ...[8, 7, 6, 5, 4, 3, 2, 1].map((number) => codeTable(5, number, number)),
];

/** Tag 9F66 as UnionPay's and Visa's contactless kernels have it; byte 1 bit 7 and byte 4 bit 8 are UnionPay's. */
export const transactionQualifiers: readonly Rule[] = [
  bit(1, 8, 'Contactless magnetic stripe mode supported', '支持非接触磁条模式(MSD)'),
  bit(1, 7, 'Contactless full EMV/PBOC supported (UnionPay)', '支持非接触PBOC借记/贷记(银联)'),
  bit(1, 6, 'Contactless quick mode supported (qPBOC, qVSDC)', '支持qPBOC/qVSDC'),
  bit(1, 5, 'Contact chip supported', '支持接触式借记/贷记'),
  bit(1, 4, 'Reader is offline only', '终端仅支持脱机'),
  bit(1, 3, 'Online PIN supported', '支持联机PIN'),
  bit(1, 2, 'Signature supported', '支持签名'),
  bit(1, 1, 'Offline data authentication for online transactions supported', '支持联机交易的脱机数据认证'),
  bit(2, 8, 'Online cryptogram required', '要求联机密文'),
  bit(2, 7, 'Cardholder verification required', '要求持卡人验证'),
  bit(2, 6, 'Offline PIN supported (contact chip)', '支持脱机PIN(接触)'),
  bit(3, 8, 'Issuer update processing supported', '支持发卡行更新处理'),
  bit(3, 7, 'Verification on the consumer’s device supported', '支持消费者设备验证(CDCVM)'),
  bit(4, 8, 'fDDA version 01 supported (UnionPay)', '支持fDDA版本01(银联)'),
];

/** Tag 9F6C. */
export const cardQualifiers: readonly Rule[] = [
  bit(1, 8, 'Online PIN required', '要求联机PIN'),
  bit(1, 7, 'Signature required', '要求签名'),
  bit(1, 6, 'Go online if offline data authentication fails', '脱机数据认证失败则联机'),
  bit(1, 5, 'Use the contact chip if offline data authentication fails', '脱机数据认证失败则改用接触界面'),
  bit(1, 4, 'Go online if the application has expired', '应用过期则联机'),
  bit(1, 3, 'Use the contact chip for cash', '现金交易改用接触界面'),
  bit(1, 2, 'Use the contact chip for cashback', '返现交易改用接触界面'),
  bit(2, 8, 'Verification on the consumer’s device was performed', '已执行消费者设备验证(CDCVM)'),
  bit(2, 7, 'Card supports issuer updates at the point of sale', '卡片支持发卡行更新'),
];

/** Tag 9F27 (EMV Book 3 §6.5.5.4). */
export const cryptogramInformation: readonly Rule[] = [
  code(1, 0xc0, 0x00, 'AAC: declined', 'AAC: 拒绝'),
  code(1, 0xc0, 0x40, 'TC: approved offline', 'TC: 批准'),
  code(1, 0xc0, 0x80, 'ARQC: online authorisation requested', 'ARQC: 请求联机'),
  code(1, 0xc0, 0xc0, 'Reserved cryptogram type', '保留的密文类型'),
  bit(1, 4, 'Advice required', '需要通知'),
  code(1, 0x07, 0x01, 'Service not allowed', '不允许的服务'),
  code(1, 0x07, 0x02, 'PIN try limit exceeded', 'PIN重试次数超限'),
  code(1, 0x07, 0x03, 'Issuer authentication failed', '发卡行认证失败'),
];

/** Tag 9F35 (EMV Book 4 A1). */
export const terminalType: readonly Rule[] = [
  code(1, 0xf0, 0x10, 'Operated by a financial institution', '由金融机构控制'),
  code(1, 0xf0, 0x20, 'Operated by a merchant', '由商户控制'),
  code(1, 0xf0, 0x30, 'Operated by the cardholder', '由持卡人控制'),
  code(1, 0x0f, 0x01, 'Attended, online only', '有人值守，仅联机'),
  code(1, 0x0f, 0x02, 'Attended, offline with online capability', '有人值守，脱机且可联机'),
  code(1, 0x0f, 0x03, 'Attended, offline only', '有人值守，仅脱机'),
  code(1, 0x0f, 0x04, 'Unattended, online only', '无人值守，仅联机'),
  code(1, 0x0f, 0x05, 'Unattended, offline with online capability', '无人值守，脱机且可联机'),
  code(1, 0x0f, 0x06, 'Unattended, offline only', '无人值守，仅脱机'),
];

/** Tag 9C: the first two digits of the processing code. */
export const transactionType: readonly Rule[] = [
  code(1, 0xff, 0x00, 'Goods or services', '消费'),
  code(1, 0xff, 0x01, 'Cash', '现金'),
  code(1, 0xff, 0x03, 'Authorisation in advance', '预授权'),
  code(1, 0xff, 0x09, 'Purchase with cashback', '返现消费'),
  code(1, 0xff, 0x20, 'Refund or void', '退货或撤销'),
  code(1, 0xff, 0x31, 'Balance inquiry', '余额查询'),
  code(1, 0xff, 0x40, 'Transfer', '转账'),
  code(1, 0xff, 0x60, 'Load to a named account', '指定账户圈存'),
  code(1, 0xff, 0x62, 'Load from another account', '非指定账户圈存'),
  code(1, 0xff, 0x63, 'Load of cash', '现金充值'),
];
