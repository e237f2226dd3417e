type Word = Readonly<{ zh: string; en: string }>;

const word = (zh: string, en: string): Word => ({ zh, en });

/** Digits of a message type indicator: edition, class, function, origin. */
const editions: Readonly<Record<string, Word>> = {
  0: word('1987 版', 'edition of 1987'),
  1: word('1993 版', 'edition of 1993'),
  2: word('2003 版', 'edition of 2003'),
};
const classes: Readonly<Record<string, Word>> = {
  1: word('授权', 'authorisation'),
  2: word('金融', 'financial'),
  3: word('文件', 'file action'),
  4: word('冲正', 'reversal'),
  5: word('对账', 'reconciliation'),
  6: word('管理', 'administrative'),
  8: word('网络管理', 'network management'),
};
const functions: Readonly<Record<string, Word>> = {
  0: word('请求', 'request'),
  1: word('应答', 'answer'),
  2: word('通知', 'advice'),
  3: word('通知应答', 'answer to an advice'),
};
const origins: Readonly<Record<string, Word>> = {
  0: word('受理方', 'acquirer'),
  1: word('受理方重发', 'acquirer, repeated'),
  2: word('发卡方', 'issuer'),
  3: word('发卡方重发', 'issuer, repeated'),
};

/** What a message type indicator says, digit by digit; a digit without a meaning says nothing. */
export const messageKind = (mti: string) => ({
  edition: editions[mti.charAt(0)],
  class: classes[mti.charAt(1)],
  function: functions[mti.charAt(2)],
  origin: origins[mti.charAt(3)],
});

/** Class and function in one line. */
export const kindText = (mti: string): string => {
  const kind = messageKind(mti);
  return [kind.class, kind.function]
    .filter((known) => known !== undefined)
    .map(({ zh, en }) => `${zh} ${en}`)
    .join(' · ');
};
