import {
  type CardKind,
  issueCard,
  issueSmChain,
  mintBank,
  panOf,
  SANDBOX_CARDS,
  type SandboxCard,
} from '@zhanggui/bank';
import { fromHex, hex } from '@zhanggui/bytes';
import { encodeTlv } from '@zhanggui/tlv';
import { type Command, DataError, type Input } from './command.ts';

const countMax = 1000;

/** Years a test card is good for. */
const validYears = 4;

const expiryAfter = (today: string): string =>
  String((Number(today.slice(0, 2)) + validYears) % 100).padStart(2, '0') + today.slice(2, 4);

/** Serials that the sandbox's own deck has taken. */
const firstFreeSerial = SANDBOX_CARDS.length + 1;

const cardJson = ({ sandbox, pan, psn, expiry, cardholder, kind, serviceCode, track2, chip }: SandboxCard): object => ({
  sandbox,
  pan,
  psn,
  expiry,
  cardholder,
  kind,
  serviceCode,
  track2,
  ...(chip === undefined ? {} : { chip }),
});

const issue = async (input: Input): Promise<object> => {
  const count = Number(input.text('count'));
  const first = input.has('first') ? Number(input.text('first')) : firstFreeSerial;
  if (count < 1 || count > countMax) throw new DataError(`--count: 1 to ${countMax}`);
  if (first < 1 || first > 999_999) throw new DataError('--first: 1 to 999999');
  const expiry = input.has('expiry') ? input.text('expiry') : expiryAfter(input.today());
  if (!/^\d{2}(0[1-9]|1[0-2])$/.test(expiry)) throw new DataError('--expiry: YYMM');
  const kind = input.text('kind') as CardKind;
  const bank = await mintBank({ random: input.random });
  const cards: SandboxCard[] = [];
  for (let serial = first; serial < first + count; serial += 1)
    cards.push(
      await issueCard(bank, {
        id: `test-${serial}`,
        pan: panOf(kind, serial),
        expiry,
        cardholder: 'SANDBOX/TEST',
        kind,
        label: { zh: '测试卡', en: 'Test card' },
        ...(input.has('chip') ? { chip: 'dda', sm2: input.has('sm') } : {}),
      }),
    );
  const chainOf = ({ pan }: SandboxCard): object => {
    const staticData = encodeTlv([{ tag: '5A', value: fromHex(pan.length % 2 === 0 ? pan : `${pan}F`) }]);
    return { staticData: hex(staticData), ...issueSmChain(bank.sm, { pan, expiry, staticData, random: input.random }) };
  };
  return {
    cards: cards.map((card) => ({ ...cardJson(card), ...(input.has('sm') ? { sm: chainOf(card) } : {}) })),
    ...(input.has('keys') ? { keys: { ...bank.keys, ...(input.has('sm') ? { sm: bank.sm } : {}) } } : {}),
  };
};

export const cardCommands: readonly Command[] = [
  {
    name: 'cards',
    summary: 'cards of a bank that does not exist, under its test BINs only',
    options: {
      kind: { kind: 'text', help: 'which', choices: ['debit', 'credit'], usual: 'debit' },
      count: { kind: 'digits', help: 'how many', usual: '1' },
      first: { kind: 'digits', help: 'serial number of the first; usually after the sandbox’s own deck' },
      expiry: { kind: 'digits', help: 'YYMM; usually in four years' },
      chip: { kind: 'flag', help: 'with a chip and its certificates; slower' },
      sm: { kind: 'flag', help: 'with an SM2 chain (PBOC 3.0): tags 90, 93, 9F46, the authority’s key and the card’s' },
      keys: { kind: 'flag', help: 'also the bank’s keys, fresh ones each time' },
    },
    examples: [{ line: 'cards --kind credit --count 2' }, { line: 'cards --chip --keys' }, { line: 'cards --sm' }],
    run: async (input) => ({ json: await issue(input) }),
  },
];
