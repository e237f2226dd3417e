export { type Centre, type CentreMember, type CentreOptions, type CentreTimers, listenCentre } from './centre.ts';
export { createForwarder, type Forwarder } from './forwarder.ts';
export { answerMti, answerTo, carriesMac, type InterchangeMessage, isAnswer, messageKey } from './identity.ts';
export {
  connectMember,
  defaultCentre,
  type Member,
  type MemberOptions,
  type MemberState,
  type MemberTimers,
} from './member.ts';
export type { RequestOutcome } from './port.ts';
export { reversalOf } from './reversal.ts';
export { type Stamp, stampClock } from './stamp.ts';
