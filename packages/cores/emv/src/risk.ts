/** Terminal risk management (EMV Book 3 §10.6): what should go to the issuer although the card looks good. */
import { hex } from '@zhanggui/bytes';
import { commands, transmit } from './apdu.ts';
import type { Steps } from './conversation.ts';
import type { AidParameters } from './parameters.ts';
import { cardTlv, done, panDigits, raise, type Session } from './session.ts';
import { hasBit } from './verification-results.ts';

const aipWantsRiskManagement = [1, 4] as const;

export function* manageRisk(session: Session): Steps<void> {
  const { input } = session;
  if (input.exceptions?.includes(panDigits(session))) raise(session, 'card-on-exception-file');
  if (input.forceOnline) raise(session, 'merchant-forced-online');
  if (!hasBit(session.data.get('82'), aipWantsRiskManagement) || !session.application) return;
  yield* checkAmount(session, session.application.parameters);
  yield* checkVelocity(session);
  done(session, 'terminal-risk-management-performed');
}

function* checkAmount(session: Session, parameters: AidParameters): Steps<void> {
  const { amountMinor } = session.input;
  if (amountMinor >= parameters.floorLimitMinor) return raise(session, 'floor-limit-exceeded');
  const reply = yield { kind: 'random', bytes: 2 };
  if (reply.kind !== 'random') throw new TypeError(`random bytes were answered with ${reply.kind}`);
  const draw = (Number.parseInt(hex(reply.bytes), 16) % 99) + 1;
  if (draw <= selectionPercent(amountMinor, parameters)) raise(session, 'selected-randomly');
}

/** Flat below the threshold, rising to the maximum at the floor limit (Book 3 §10.6.2). */
const selectionPercent = (amountMinor: bigint, parameters: AidParameters): number => {
  const { randomThresholdMinor, floorLimitMinor, randomTargetPercent, randomTargetPercentMax } = parameters;
  if (amountMinor < randomThresholdMinor) return randomTargetPercent;
  const share = Number(amountMinor - randomThresholdMinor) / Number(floorLimitMinor - randomThresholdMinor);
  return randomTargetPercent + (randomTargetPercentMax - randomTargetPercent) * share;
};

/** How often in a row the card has been offline, when the card sets limits to it (9F14, 9F23; Book 3 §10.6.3). */
function* checkVelocity(session: Session): Steps<void> {
  const [lower] = session.data.get('9F14') ?? [];
  const [upper] = session.data.get('9F23') ?? [];
  if (lower === undefined || upper === undefined) return;
  const atc = yield* readCounter(session, 0x9f36);
  const lastOnline = yield* readCounter(session, 0x9f13);
  const offline = atc === undefined || lastOnline === undefined || atc <= lastOnline ? undefined : atc - lastOnline;
  if (offline === undefined || offline > lower) raise(session, 'lower-offline-limit-exceeded');
  if (offline === undefined || offline > upper) raise(session, 'upper-offline-limit-exceeded');
  if (lastOnline === 0) raise(session, 'new-card');
}

function* readCounter(session: Session, tag: number): Steps<number | undefined> {
  const { data, status } = yield* transmit(session, commands.getData(tag));
  const [object] = status === 0x9000 ? cardTlv(data, 'GET DATA') : [];
  const found = object?.tag === tag.toString(16).toUpperCase() && object.value.length === 2;
  return found ? Number.parseInt(hex(object.value), 16) : undefined;
}
