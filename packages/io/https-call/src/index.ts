export {
  AnswerTooLong,
  bounded,
  fetchSend,
  fileTimeoutMs,
  type Incoming,
  isBeforeConnection,
  isSuccess,
  type Outgoing,
  readBounded,
  type Send,
} from './send.ts';
