/** Application selection (EMV Book 1 §12): the card's directory, else a SELECT per application the terminal takes. */
import { ascii, fromAscii, fromHex, hex } from '@zhanggui/bytes';
import { findTag, type Tlv } from '@zhanggui/tlv';
import { type CardResponse, commands, transmit } from './apdu.ts';
import type { Steps } from './conversation.ts';
import type { AidParameters } from './parameters.ts';
import { CardFault, cardTlv, type Session } from './session.ts';

/** `priority` 1 is the card's first wish, 0 is none expressed. */
export type CardApplication = Readonly<{
  name: string;
  label: string;
  priority: number;
  needsConfirmation: boolean;
  parameters: AidParameters;
}>;

export type FinalSelection =
  | Readonly<{ kind: 'selected'; application: CardApplication; fci: readonly Tlv[] }>
  | Readonly<{ kind: 'blocked' }>
  | Readonly<{ kind: 'refused' }>;

const status = { ok: 0x9000, blocked: 0x6283, cardBlocked: 0x6a81 } as const;
const directoryName = fromAscii('1PAY.SYS.DDF01');
const directoryRecordsMax = 16;
const occurrencesMax = 8;

/** Applications both sides know, the card's preferred one first. Throws `CardFault` when there is none. */
export function* listCandidates(session: Session): Steps<readonly CardApplication[]> {
  const fromDirectory = yield* readDirectory(session);
  const { usable, blocked } =
    fromDirectory.length > 0 ? { usable: fromDirectory, blocked: 0 } : yield* tryEach(session);
  if (usable.length === 0) throw new CardFault(blocked > 0 ? 'application-blocked' : 'no-application', 'selection');
  return usable.toSorted((left, right) => rank(left) - rank(right));
}

/** The person's choice where there is one to make. Throws `CardFault` when the person cancels. */
export function* chooseCandidate(candidates: readonly [CardApplication, ...CardApplication[]]): Steps<CardApplication> {
  const [first] = candidates;
  if (candidates.length === 1 && !first.needsConfirmation) return first;
  const offered = candidates.map(({ name, label }) => ({ aid: name, label }));
  const reply = yield { kind: 'select-application', candidates: offered };
  if (reply.kind === 'cancelled') throw new CardFault('cancelled', 'selection');
  if (reply.kind !== 'selected') throw new TypeError(`a choice was answered with ${reply.kind}`);
  const chosen = candidates[reply.index];
  if (!chosen) throw new RangeError('the chosen candidate was not offered');
  return chosen;
}

/** Final SELECT. A card that will not have it sends the caller back to the list (Book 1 §12.4). Throws `CardFault`. */
export function* selectFinally(session: Session, chosen: CardApplication): Steps<FinalSelection> {
  const response = yield* select(session, fromHex(chosen.name));
  if (response.status === status.blocked) return { kind: 'blocked' };
  if (response.status !== status.ok) return { kind: 'refused' };
  const fci = cardTlv(response.data, 'SELECT');
  const name = findTag(fci, '84');
  if (!name || hex(name) !== chosen.name) throw new CardFault('card-response-malformed', 'SELECT 84');
  return { kind: 'selected', application: chosen, fci };
}

function* readDirectory(session: Session): Steps<CardApplication[]> {
  const response = yield* select(session, directoryName);
  const sfi = response.status === status.ok ? findTag(cardTlv(response.data, 'PSE'), '88')?.[0] : undefined;
  if (sfi === undefined || sfi < 1 || sfi > 10) return [];
  const found: CardApplication[] = [];
  for (let record = 1; record <= directoryRecordsMax; record += 1) {
    const { data, status: read } = yield* transmit(session, commands.readRecord(sfi, record));
    if (read !== status.ok) break;
    for (const template of cardTlv(data, 'PSE record').flatMap(({ children }) => children ?? []))
      if (template.tag === '61') found.push(...matching(session, template.children ?? [], '4F'));
  }
  return found;
}

function* tryEach(session: Session): Steps<{ usable: CardApplication[]; blocked: number }> {
  const usable: CardApplication[] = [];
  let blocked = 0;
  for (const parameters of session.input.terminal.aids) {
    for (let occurrence = 0; occurrence < occurrencesMax; occurrence += 1) {
      const response = yield* select(session, fromHex(parameters.aid), occurrence > 0);
      if (response.status === status.blocked) blocked += 1;
      else if (response.status !== status.ok) break;
      else {
        const [found] = matching(session, cardTlv(response.data, 'SELECT'), '84');
        if (!found || usable.some(({ name }) => name === found.name)) break;
        usable.push(found);
      }
      if (!parameters.partialMatch) break;
    }
  }
  return { usable, blocked };
}

function* select(session: Session, name: Uint8Array, next = false): Steps<CardResponse> {
  const response = yield* transmit(session, commands.select(name, next));
  if (response.status === status.cardBlocked && !next) throw new CardFault('card-blocked', 'SELECT');
  return response;
}

const matching = (session: Session, objects: readonly Tlv[], nameTag: '4F' | '84'): CardApplication[] => {
  const name = hex(findTag(objects, nameTag) ?? new Uint8Array());
  const parameters = session.input.terminal.aids.find((row) =>
    row.partialMatch ? name.startsWith(row.aid) : name === row.aid,
  );
  if (!parameters || name.length < 10 || name.length > 32) return [];
  const indicator = findTag(objects, '87')?.[0] ?? 0;
  const label = ascii(findTag(objects, '50') ?? new Uint8Array())
    .replace(/[^\x20-\x7e]/g, '')
    .trim();
  return [{ name, label, priority: indicator & 0x0f, needsConfirmation: indicator >= 0x80, parameters }];
};

const rank = ({ priority }: CardApplication): number => (priority === 0 ? 16 : priority);
