/** Terminal action analysis (EMV Book 3 §10.7): the TVR against the action codes of issuer (IAC) and terminal (TAC). */
import { fromHex } from '@zhanggui/bytes';
import type { CryptogramType } from './conversation.ts';
import type { Session } from './session.ts';

/** IAC tag, TAC, and what an issuer that names no code is taken to mean. */
const actionCodes = {
  denial: { tag: '9F0E', terminal: 'tacDenial', absent: '0000000000' },
  online: { tag: '9F0F', terminal: 'tacOnline', absent: 'FFFFFFFFFF' },
  default: { tag: '9F0D', terminal: 'tacDefault', absent: 'FFFFFFFFFF' },
} as const;

/** What the terminal asks of the card first. */
export const proposeFirst = (session: Session): CryptogramType => {
  if (matches(session, 'denial')) return 'AAC';
  const reach = reachOf(session);
  if (reach === 'online-only') return 'ARQC';
  if (reach === 'offline-only') return matches(session, 'default') ? 'AAC' : 'TC';
  return matches(session, 'online') ? 'ARQC' : 'TC';
};

/** What the terminal asks when the issuer could not be reached. */
export const proposeWithoutIssuer = (session: Session): 'TC' | 'AAC' =>
  reachOf(session) === 'online-only' || matches(session, 'default') ? 'AAC' : 'TC';

const matches = (session: Session, kind: keyof typeof actionCodes): boolean => {
  const { tag, terminal, absent } = actionCodes[kind];
  const issuerCode = session.data.get(tag) ?? fromHex(absent);
  const terminalCode = fromHex(session.application?.parameters[terminal] ?? absent);
  return session.tvr.some((byte, index) => (byte & ((issuerCode[index] ?? 0) | (terminalCode[index] ?? 0))) !== 0);
};

/** Second digit of the terminal type (Book 4 Annex A1). */
const reachOf = (session: Session): 'online-only' | 'offline-only' | 'both' => {
  const digit = session.input.terminal.terminalType.at(1);
  if (digit === '1' || digit === '4') return 'online-only';
  return digit === '3' || digit === '6' ? 'offline-only' : 'both';
};
