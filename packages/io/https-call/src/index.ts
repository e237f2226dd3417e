export {
  AnswerTooLong,
  bounded,
  fetchSend,
  type Incoming,
  isBeforeConnection,
  isSuccess,
  type Outgoing,
  readBounded,
  type Send,
} from './send.ts';
