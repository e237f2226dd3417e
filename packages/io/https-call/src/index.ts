export {
  AnswerTooLong,
  fetchSend,
  type Incoming,
  isBeforeConnection,
  type Outgoing,
  readBounded,
  type Send,
} from './send.ts';
