import { hex } from '@zhanggui/bytes';
import type { Hsm } from '@zhanggui/hsm';
import { answerTo, connectMember, type InterchangeMessage, type MemberTimers } from '@zhanggui/interchange-link';
import { CodecError } from '@zhanggui/iso8583';
import { type CardStatus, defaultPolicy, type Policy } from '@zhanggui/issuing';
import type { Pan } from '@zhanggui/secret';
import { groupCommit, type Store } from '@zhanggui/store';
import type { Log, Metrics } from '@zhanggui/telemetry';
import { businessDateAt, type Clock } from '@zhanggui/time';
import {
  type AccountOrder,
  type AccountView,
  type BooksProof,
  listAccounts,
  openAccount,
  proveBooks,
} from './accounts.ts';
import { type AgreementOrder, type AgreementOutcome, moveByAgreement } from './agreement.ts';
import { answerMessage } from './answers.ts';
import { type CardOrder, type CardView, issueCard, listCards, setCardStatus } from './cards.ts';
import { type Answer, decideGroup, type GroupRequest } from './group.ts';
import { lockGroup, writeGroup } from './journal.ts';
import { type Hop, journeyOf } from './journey.ts';
import { issuerKeys } from './key-refs.ts';
import { type IssuerRequest, readRequest } from './requests.ts';
import { verify } from './verdicts.ts';

export type IssuerOptions = Readonly<{
  store: Store;
  hsm: Hsm;
  log: Log;
  metrics: Metrics;
  clock: Clock;
  /** PIN keys of the network link, the current one first. */
  pinKeys: () => readonly string[];
  settings: Readonly<{
    /** This institution's code, 8 digits. */
    institution: string;
    /** First digits of the cards it issues; what begins with none of them is answered 15. */
    bins: readonly string[];
    policy?: Partial<Policy>;
  }>;
}>;

/** A bank that issues cards: answers the network's requests, keeps the cards, their accounts and the books. */
export interface Issuer {
  /** The answer to a request; `undefined` when it could not be decided: silence makes the network reverse it. */
  answer(message: InterchangeMessage): Promise<InterchangeMessage | undefined>;
  openAccount(order: AccountOrder): Promise<boolean>;
  issueCard(order: CardOrder): Promise<boolean>;
  setCardStatus(change: { pan: Pan; status: CardStatus }): Promise<boolean>;
  /** A wallet's debit of a bound card, or its money back. */
  moveByAgreement(order: AgreementOrder): Promise<AgreementOutcome>;
  accounts(): Promise<AccountView[]>;
  cards(): Promise<CardView[]>;
  journey(rrn: string): Promise<Hop[]>;
  books(): Promise<BooksProof>;
  /** Resolves when every request taken so far is decided and written. */
  drain(): Promise<void>;
}

const lanes = 2;
const groupItemsMax = 128;

type Decided = Answer & Readonly<{ accountKind: 'debit' | 'credit'; sequenceNumber: string; isGenuineChip: boolean }>;

/** The issuer without its link to the network. */
export const createIssuer = (options: IssuerOptions): Issuer => {
  const { store, hsm, log, clock, settings } = options;
  const books = { store, institution: settings.institution, lanes, clock };
  const answered = options.metrics.counter('issuer_answers_total', 'Answers of the issuer', ['kind', 'code']);
  const duration = options.metrics.histogram('issuer_answer_seconds', 'From request to answer at the issuer');
  const decide = decider(options);

  const respond = async (request: IssuerRequest): Promise<InterchangeMessage> => {
    const card = hex(await hsm.hashPan({ key: issuerKeys.panHash, pan: request.pan.reveal() }));
    const decided = await decide({ ...request, card });
    answered.add({ kind: request.kind, code: decided.code });
    duration.observe((clock() - request.receivedAt) / 1000);
    return answerMessage(request, decided, await answerCryptogram(hsm, request, decided));
  };

  const answer: Issuer['answer'] = async (message) => {
    try {
      const request = readRequest(message, clock());
      if (!request) return answerTo(message, { 39: '30' });
      if (!settings.bins.some((bin) => request.pan.reveal().startsWith(bin))) return answerTo(message, { 39: '15' });
      return await respond(request);
    } catch (error) {
      if (error instanceof CodecError) return answerTo(message, { 39: '30' });
      log.error({ err: error, mti: message.mti, stan: message.fields[11] }, 'request left without answer');
      return undefined;
    }
  };

  return {
    answer,
    openAccount: (order) => openAccount(books, order),
    issueCard: (order) => issueCard(options, order),
    setCardStatus: (change) => setCardStatus(options, change),
    moveByAgreement: (order) => moveByAgreement(options, order),
    accounts: () => listAccounts(store),
    cards: () => listCards(store),
    journey: (rrn) => journeyOf(store, rrn),
    books: () => proveBooks(books),
    drain: () => decide.drain(),
  };
};

/** Gathers concurrent requests: one transaction locks, decides and writes them all. */
const decider = (options: IssuerOptions) => {
  const { store, clock, settings } = options;
  const policy = { ...defaultPolicy, ...settings.policy };
  const freeLanes = Array.from({ length: lanes }, (_, lane) => lane);

  const decideTogether = (requests: readonly GroupRequest[], lane: number): Promise<Decided[]> =>
    store.transaction(async (tx) => {
      const rows = await lockGroup(tx, requests);
      const verdicts = await Promise.all(
        rows.map((row, index) => verify(options, requests[index] as GroupRequest, row)),
      );
      const at = clock();
      const group = { requests, rows, verdicts, lane, policy, day: businessDateAt(at), at };
      const { answers, writes } = decideGroup(group);
      await writeGroup(tx, writes, at);
      return answers.map((answer, index) => ({
        ...answer,
        accountKind: rows[index]?.kind ?? 'debit',
        sequenceNumber: rows[index]?.sequence_number ?? '',
        isGenuineChip: verdicts[index]?.cryptogram === 'match',
      }));
    });

  return groupCommit<GroupRequest, Decided>({
    maxItems: groupItemsMax,
    lanes,
    run: async (requests) => {
      const lane = freeLanes.pop() ?? 0;
      try {
        return await decideTogether(requests, lane);
      } finally {
        freeLanes.push(lane);
      }
    },
  });
};

/** Proves to a genuine chip that the answer is the issuer's (tag 91). */
const answerCryptogram = async (
  hsm: Hsm,
  { chip, pan }: IssuerRequest,
  { isGenuineChip, sequenceNumber, code }: Decided,
): Promise<Uint8Array | undefined> => {
  if (!chip || !isGenuineChip) return undefined;
  const card = { mdk: issuerKeys.cryptogram, pan: pan.reveal(), psn: sequenceNumber };
  return hsm.makeArpc({ ...card, atc: chip.atc, arqc: chip.cryptogram, arc: code });
};

export type IssuerStart = Omit<IssuerOptions, 'pinKeys' | 'settings'> &
  Readonly<{
    settings: IssuerOptions['settings'] &
      Readonly<{
        switch: { host: string; port: number };
        /** Reference of the key under which the switch sends working keys. */
        zmk: string;
        timers?: Partial<MemberTimers>;
      }>;
  }>;

export type RunningIssuer = Issuer & {
  /** Signed on to the network, with keys. */
  ready(): boolean;
  whenReady(): Promise<void>;
  stop(): Promise<void>;
};

/** Connects the issuer to the switch; it keeps trying to be signed on until it is stopped. */
export const startIssuer = async (options: IssuerStart): Promise<RunningIssuer> => {
  const { hsm, log, clock, settings } = options;
  const issuer = createIssuer({ ...options, pinKeys: () => member.pinKeys() });
  const member = connectMember({
    institution: settings.institution,
    ...settings.switch,
    hsm,
    zmk: settings.zmk,
    log,
    clock,
    timers: settings.timers,
    onRequest: (message) => issuer.answer(message),
  });
  return {
    ...issuer,
    ready: () => member.state === 'ready',
    whenReady: () => member.ready(),
    stop: async () => {
      await member.stop();
      await issuer.drain();
    },
  };
};
