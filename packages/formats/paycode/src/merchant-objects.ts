import { crc16 } from './crc16.ts';
import { isAccount, merchantRoot, type TemplateRule, type ValueRule } from './merchant-rules.ts';
import { PaycodeError } from './paycode-error.ts';

/** A data object of two-digit `id` with its text, or a template with its objects, in the order of the code. */
export type MerchantObject =
  | Readonly<{ id: string; value: string }>
  | Readonly<{ id: string; objects: readonly MerchantObject[] }>;

type Placed = Readonly<{ object: MerchantObject; offset: number }>;
type Span = Readonly<{ characters: readonly string[]; start: number; end: number }>;

/** What a code should hold at most, so that a phone can read it (EMVCo MPM 1.1, payload). */
const CHARACTERS_MAX = 512;
const CRC_CHARACTERS = 4;
const VERSION = '000201';

const pathOf = (path: string, id: string): string => (path === '' ? id : `${path}.${id}`);

const readHeader = ({ characters, start, end }: Span, path: string): { id: string; from: number; to: number } => {
  const id = characters.slice(start, Math.min(start + 2, end)).join('');
  if (!/^\d{2}$/.test(id)) throw new PaycodeError('tag-malformed', { tag: path || undefined, offset: start });
  const tag = pathOf(path, id);
  const length = characters.slice(start + 2, Math.min(start + 4, end)).join('');
  if (!/^\d{2}$/.test(length) || length === '00')
    throw new PaycodeError('length-malformed', { tag, offset: start + 2 });
  const from = start + 4;
  const to = from + Number(length);
  if (to > end) throw new PaycodeError('value-truncated', { tag, offset: from });
  return { id, from, to };
};

const checkValue = (characters: readonly string[], rule: ValueRule, place: { tag: string; offset: number }): string => {
  const text = characters.join('');
  if (characters.length > rule.charactersMax) throw new PaycodeError('length-out-of-range', place);
  if (!rule.pattern.test(text)) throw new PaycodeError('value-malformed', place);
  return text;
};

const readObject = (span: Span, template: TemplateRule, path: string): Placed & { to: number } => {
  const { id, from, to } = readHeader(span, path);
  const tag = pathOf(path, id);
  const rule = template.ruleOf(id);
  if (rule.kind === 'template') {
    const objects = readTemplate({ ...span, start: from, end: to }, rule, tag).map(({ object }) => object);
    return { object: { id, objects }, offset: span.start, to };
  }
  const text = checkValue(span.characters.slice(from, to), rule, { tag, offset: from });
  return { object: { id, value: text }, offset: span.start, to };
};

const readTemplate = (span: Span, template: TemplateRule, path: string): Placed[] => {
  const placed: Placed[] = [];
  const seen = new Set<string>();
  for (let at = span.start; at < span.end; ) {
    const { object, offset, to } = readObject({ ...span, start: at }, template, path);
    if (seen.has(object.id)) throw new PaycodeError('object-repeated', { tag: pathOf(path, object.id), offset });
    seen.add(object.id);
    placed.push({ object, offset });
    at = to;
  }
  const missing = template.required.find((id) => !seen.has(id));
  if (missing) throw new PaycodeError('object-missing', { tag: pathOf(path, missing), offset: span.end });
  return placed;
};

/** The check sum comes first: a code that was read wrong should say so, not complain about an amount. */
const checkSum = (characters: readonly string[]): void => {
  const at = characters.length - CRC_CHARACTERS;
  const isAtTheEnd = characters.slice(at - 4, at).join('') === '6304';
  if (isAtTheEnd && characters.slice(at).join('') !== crc16(characters.slice(0, at).join('')))
    throw new PaycodeError('crc-mismatch', { tag: '63', offset: at });
};

const checkEnds = (placed: readonly Placed[], end: number): void => {
  const [first] = placed;
  if (first?.object.id !== '00') throw new PaycodeError('object-missing', { tag: '00', offset: 0 });
  if (!('value' in first.object) || first.object.value !== '01')
    throw new PaycodeError('version-unknown', { tag: '00', offset: 4 });
  const sum = placed.find(({ object }) => object.id === '63');
  if (!sum) throw new PaycodeError('object-missing', { tag: '63', offset: end });
  if (sum !== placed.at(-1)) throw new PaycodeError('object-misplaced', { tag: '63', offset: sum.offset });
};

/** A fixed fee has 56, a percentage has 57, and neither stands without 55 asking for it. */
const checkTip = (placed: readonly Placed[]): void => {
  const found = (id: string): Placed | undefined => placed.find(({ object }) => object.id === id);
  const indicator = found('55')?.object;
  const kind = indicator && 'value' in indicator ? indicator.value : '';
  for (const [id, wanted] of [
    ['56', '02'],
    ['57', '03'],
  ] as const)
    if ((found(id) !== undefined) !== (kind === wanted))
      throw new PaycodeError('objects-disagree', { tag: id, offset: (found(id) ?? found('55'))?.offset });
};

const isEnd = (id: string): boolean => id === '00' || id === '63';

/**
 * The objects of an EMVCo merchant-presented code (MPM 1.1), without 00 and 63, which say nothing of their own. Unknown objects
 * are kept. Characters are Unicode code points. Throws `PaycodeError` for what `encodeMerchantCode` would not write, sign for sign.
 */
export const decodeMerchantCode = (text: string): MerchantObject[] => {
  if (!text.isWellFormed()) throw new PaycodeError('text-malformed');
  const characters = Array.from(text);
  const end = characters.length;
  if (end > CHARACTERS_MAX) throw new PaycodeError('too-long', { offset: CHARACTERS_MAX });
  checkSum(characters);
  const placed = readTemplate({ characters, start: 0, end }, merchantRoot, '');
  checkEnds(placed, end);
  if (!placed.some(({ object }) => isAccount(object.id)))
    throw new PaycodeError('object-missing', { tag: '02', offset: end });
  checkTip(placed);
  return placed.map(({ object }) => object).filter(({ id }) => !isEnd(id));
};

const writeObject = (object: MerchantObject, template: TemplateRule, path: string): string => {
  const tag = pathOf(path, object.id);
  if (!/^\d{2}$/.test(object.id)) throw new PaycodeError('tag-malformed', { tag: path || undefined });
  if (path === '' && isEnd(object.id)) throw new PaycodeError('object-misplaced', { tag });
  const rule = template.ruleOf(object.id);
  if ('objects' in object !== (rule.kind === 'template')) throw new PaycodeError('value-malformed', { tag });
  const text =
    'value' in object ? object.value : rule.kind === 'template' ? writeTemplate(object.objects, rule, tag) : '';
  const length = Array.from(text).length;
  if (length < 1 || length > 99) throw new PaycodeError('length-out-of-range', { tag });
  return `${object.id}${String(length).padStart(2, '0')}${text}`;
};

const writeTemplate = (objects: readonly MerchantObject[], template: TemplateRule, path: string): string =>
  objects.map((object) => writeObject(object, template, path)).join('');

/** The text of the code, in the order given, between 00 and the check sum. What it writes it has read again first. */
export const encodeMerchantCode = (objects: readonly MerchantObject[]): string => {
  const body = `${VERSION}${writeTemplate(objects, merchantRoot, '')}6304`;
  const text = `${body}${crc16(body)}`;
  decodeMerchantCode(text);
  return text;
};
