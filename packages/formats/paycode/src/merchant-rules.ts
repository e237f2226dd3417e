/** What a primitive object may hold; lengths count characters, as EMVCo does. */
export type ValueRule = Readonly<{ kind: 'value'; pattern: RegExp; charactersMax: number }>;
export type TemplateRule = Readonly<{
  kind: 'template';
  ruleOf: (id: string) => ValueRule | TemplateRule;
  required: readonly string[];
}>;

const value = (pattern: RegExp, charactersMax = 99): ValueRule => ({ kind: 'value', pattern, charactersMax });

const ANS = /^[\x20-\x7e]+$/;
const ANY = /^[\s\S]+$/;
/** A zero amount is left out, not written (ID 54); a decimal point may end the number. */
const AMOUNT = /^(?=.*[1-9])\d+(\.\d*)?$/;
const PERCENTAGE = /^(?=.*[1-9])(\d{1,2}(\.\d{0,2})?|100(\.0{0,2})?)$/;

const any = value(ANY);
const between = (id: string, from: number, to: number): boolean => Number(id) >= from && Number(id) <= to;

/** A template of somebody else's: object 00 says whose (an AID, a UUID or a domain name), the rest is theirs. */
const owned: TemplateRule = {
  kind: 'template',
  ruleOf: (id) => (id === '00' ? value(ANS, 32) : any),
  required: ['00'],
};

const label = value(ANS, 25);
const ADDITIONAL_RULES: Readonly<Record<string, ValueRule>> = {
  '01': label,
  '02': label,
  '03': label,
  '04': label,
  '05': label,
  '06': label,
  '07': label,
  '08': label,
  '09': value(/^[AME]+$/, 3),
  '10': value(ANS, 20),
  '11': value(ANS, 3),
};

const additionalData: TemplateRule = {
  kind: 'template',
  ruleOf: (id) => ADDITIONAL_RULES[id] ?? (between(id, 50, 99) ? owned : any),
  required: [],
};

const LANGUAGE_RULES: Readonly<Record<string, ValueRule>> = {
  '00': value(/^[A-Za-z]{2}$/),
  '01': value(ANY, 25),
  '02': value(ANY, 15),
};

const languageTemplate: TemplateRule = {
  kind: 'template',
  ruleOf: (id) => LANGUAGE_RULES[id] ?? any,
  required: ['00', '01'],
};

const ROOT_RULES: Readonly<Record<string, ValueRule | TemplateRule>> = {
  '00': value(/^\d{2}$/),
  '01': value(/^1[12]$/),
  '52': value(/^\d{4}$/),
  '53': value(/^\d{3}$/),
  '54': value(AMOUNT, 13),
  '55': value(/^0[123]$/),
  '56': value(AMOUNT, 13),
  '57': value(PERCENTAGE, 5),
  '58': value(/^[A-Z]{2}$/),
  '59': value(ANS, 25),
  '60': value(ANS, 15),
  '61': value(ANS, 10),
  '62': additionalData,
  '63': value(/^[0-9A-F]{4}$/),
  '64': languageTemplate,
};

const rootRuleOf = (id: string): ValueRule | TemplateRule => {
  const rule = ROOT_RULES[id];
  if (rule) return rule;
  if (between(id, 2, 25)) return value(ANS);
  return between(id, 26, 51) || between(id, 80, 99) ? owned : any;
};

/** The whole code (EMVCo MPM 1.1, the tables of data objects). */
export const merchantRoot: TemplateRule = {
  kind: 'template',
  ruleOf: rootRuleOf,
  required: ['52', '53', '58', '59', '60'],
};

export const isAccount = (id: string): boolean => between(id, 2, 51);
