/** A counter for tests: kernel, card and issuer in one room, without a wire. Imported by tests only. */
import { concat, equal, fromAscii, fromHex, hex } from '@zhanggui/bytes';
import { arpc, arqc, emvSessionKey, emvUdk } from '@zhanggui/card-crypto';
import {
  type KernelOutcome,
  type KernelReply,
  type KernelRequest,
  type OnlineData,
  type TerminalTransaction,
  transaction,
} from '@zhanggui/emv';
import { freshState, type IccProfile, type IccState, respond } from '@zhanggui/icc';
import { decodeTlv, encodeTlv, findTag } from '@zhanggui/tlv';
import { mintBank, type SandboxBank, terminalParameters } from './bank.ts';
import { issueCard, type SandboxCard } from './card.ts';
import { panOf } from './deck.ts';
import type { ChipGrade, VerificationRule } from './personalise.ts';

export const bank: SandboxBank = await mintBank({ random: (bytes) => new Uint8Array(bytes).fill(0x5c) });

type Making = Readonly<{ verification?: VerificationRule; sm2?: boolean }>;

const make = (kind: 'debit' | 'credit', chip: ChipGrade, more: Making = {}): Promise<SandboxCard> =>
  issueCard(bank, {
    id: chip,
    pan: panOf(kind, 1),
    expiry: '3012',
    cardholder: 'TEST/CARD',
    kind,
    label: { zh: '测试', en: 'Test' },
    chip,
    ...more,
  });

export const cards = {
  sda: await make('debit', 'sda'),
  dda: await make('debit', 'dda'),
  cda: await make('credit', 'cda'),
  signature: await make('credit', 'dda', { verification: 'signature' }),
  smStatic: await make('debit', 'sda', { sm2: true }),
  smDynamic: await make('debit', 'dda', { sm2: true }),
  smCombined: await make('credit', 'cda', { sm2: true }),
} as const;

export const chipOf = (card: SandboxCard): IccProfile => {
  if (!card.chip) throw new TypeError('the card has no chip');
  return card.chip;
};

export const sale: TerminalTransaction = {
  amountMinor: 1250n,
  transactionType: '00',
  date: '261122',
  time: '173205',
  transactionCounter: 7,
  terminal: {
    ...terminalParameters(bank),
    countryCode: '156',
    currencyCode: '156',
    terminalType: '22',
    capabilities: 'E068C8',
    additionalCapabilities: '6000F0B001',
    serial: '00000001',
  },
};

export type Answer = Extract<KernelReply, { kind: 'online-result' | 'online-unable' }>;

/** The issuer's cryptogram check from its master key, from field 55 alone; the proof that goes back in tag 91. */
export const issuerProof = (
  { pan, psn, field55 }: OnlineData,
  arc: string,
): { genuine: boolean; proof: Uint8Array } => {
  const objects = decodeTlv(field55);
  const value = (tag: string): Uint8Array => findTag(objects, tag) ?? new Uint8Array();
  const covered = ['9F02', '9F03', '9F1A', '95', '5F2A', '9A', '9C', '9F37', '82', '9F36'].map(value);
  const udk = emvUdk({ mdk: fromHex(bank.keys.mdkAc), pan: pan.reveal(), psn: psn ?? '00' });
  const sessionKey = emvSessionKey({ udk, atc: value('9F36') });
  const expected = arqc({ sessionKey, data: concat(...covered, value('9F10').subarray(3, 7)) });
  const proof = concat(arpc({ sessionKey, arqc: value('9F26'), arc }), fromAscii(arc));
  return { genuine: equal(expected, value('9F26')), proof };
};

export const approve = (data: OnlineData, more: readonly { tag: string; value: Uint8Array }[] = []): Answer => {
  const { genuine, proof } = issuerProof(data, '00');
  if (!genuine) throw new Error('the request cryptogram does not verify');
  return {
    kind: 'online-result',
    approved: true,
    arc: '00',
    field55: encodeTlv([{ tag: '91', value: proof }, ...more]),
  };
};

export type Counter = Readonly<{
  profile: IccProfile;
  state?: IccState;
  input?: TerminalTransaction;
  host?: (data: OnlineData) => Answer;
  pin?: 'pin-entered' | 'pin-bypassed' | 'cancelled';
  /** Changes what the card answers to the `index`-th command, counted from 0. */
  meddle?: (response: Uint8Array, index: number, command: Uint8Array) => Uint8Array;
}>;

export type Done = Readonly<{ outcome: KernelOutcome; state: IccState; commands: string[]; sent?: OnlineData }>;

export const runAtCounter = ({ profile, input = sale, ...counter }: Counter): Done => {
  let state = counter.state ?? freshState(profile);
  let sent: OnlineData | undefined;
  const commands: string[] = [];
  const answer = (request: KernelRequest): KernelReply => {
    switch (request.kind) {
      case 'apdu': {
        const turn = respond(profile, state, request.command);
        state = turn.state;
        commands.push(hex(request.command));
        const response = counter.meddle?.(turn.response, commands.length - 1, request.command) ?? turn.response;
        return { kind: 'apdu', response };
      }
      case 'random':
        return { kind: 'random', bytes: fromHex('CAFEBABE').subarray(0, request.bytes) };
      case 'select-application':
        return { kind: 'selected', index: request.candidates.length - 1 };
      case 'online-pin':
        return { kind: counter.pin ?? 'pin-entered' };
      case 'online':
        sent = request.data;
        return (counter.host ?? approve)(request.data);
    }
  };
  const steps = transaction(input);
  let step = steps.next();
  while (!step.done) step = steps.next(answer(step.value));
  return { outcome: step.value, state, commands, sent };
};

/** The chip with data objects of its records changed or, given nothing, taken out. */
export const tamper = (profile: IccProfile, tag: string, change?: (value: Uint8Array) => Uint8Array): IccProfile => {
  let found = false;
  const applications = profile.applications.map((application) => {
    const records = Object.entries(application.records).map(([place, record]) => {
      const [template] = decodeTlv(fromHex(record));
      const children = (template?.children ?? []).flatMap((object) => {
        if (object.tag !== tag) return [object];
        found = true;
        return change ? [{ tag, value: change(object.value) }] : [];
      });
      return [place, hex(encodeTlv([{ tag: '70', value: new Uint8Array(), children }]))] as const;
    });
    return { ...application, records: Object.fromEntries(records) };
  });
  if (!found) throw new RangeError(`the card has no ${tag}`);
  return { ...profile, applications };
};

export const flipLastByte = (value: Uint8Array): Uint8Array =>
  value.map((byte, index) => (index === value.length - 1 ? byte ^ 1 : byte));
