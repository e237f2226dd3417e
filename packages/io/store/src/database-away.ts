/** SQLSTATE of a server that stops, starts or takes no more connections (PostgreSQL documentation, appendix A: 57P01 to 57P03, 53300, class 08). */
const awayStates = /^(?:57P0[123]|53300|08...)$/;
const networkCodes: ReadonlySet<string> = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND']);
/** The driver has no code for what it says of a connection that is gone. */
const driverWords =
  /^(?:Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error)/;

/** True when the database cannot be reached now: nothing is known of the last statement, and a later one may well succeed. */
export const isDatabaseAway = (error: unknown): boolean => {
  if (!(error instanceof Error)) return false;
  if (error instanceof AggregateError) return error.errors.length > 0 && error.errors.every(isDatabaseAway);
  const code = 'code' in error ? String(error.code) : '';
  return awayStates.test(code) || networkCodes.has(code) || driverWords.test(error.message);
};
