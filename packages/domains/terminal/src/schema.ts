/**
 * The terminal's own database. One commit is one fsync (WAL, synchronous FULL), so a line is on disk before it is used.
 * Never stored: tracks, PINs, clear PANs. A reversal's fields are sealed by the HSM.
 */
export const schema = `
CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS transactions (
  request_id TEXT PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('sale', 'void', 'balance')),
  state TEXT NOT NULL CHECK (state IN
    ('waiting-card', 'processing', 'approved', 'declined', 'cancelled', 'unknown', 'reversed')),
  amount_minor INTEGER NOT NULL,
  asked_at INTEGER NOT NULL,
  batch TEXT, stan TEXT, code TEXT, text_zh TEXT, text_en TEXT,
  rrn TEXT, auth_code TEXT, masked_pan TEXT, entry_mode TEXT, at TEXT, settlement_date TEXT,
  slip TEXT, voids TEXT, voided_by TEXT
) STRICT;
CREATE INDEX IF NOT EXISTS transactions_by_voucher ON transactions (batch, stan);
CREATE TABLE IF NOT EXISTS exchanges (
  id INTEGER PRIMARY KEY,
  request_id TEXT, mti TEXT NOT NULL, batch TEXT NOT NULL, stan TEXT NOT NULL,
  sent_at INTEGER NOT NULL, answered_at INTEGER, code TEXT, note TEXT
) STRICT;
CREATE INDEX IF NOT EXISTS exchanges_by_request ON exchanges (request_id);
CREATE TABLE IF NOT EXISTS reversals (
  batch TEXT NOT NULL, stan TEXT NOT NULL, request_id TEXT NOT NULL,
  reason TEXT NOT NULL, fields BLOB NOT NULL, settlement_date TEXT,
  owed INTEGER NOT NULL DEFAULT 0, sends INTEGER NOT NULL DEFAULT 0, given_up INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (batch, stan)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS keys (
  ref TEXT PRIMARY KEY, use TEXT NOT NULL, bytes INTEGER NOT NULL, kcv TEXT NOT NULL, sealed BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS audit (
  sequence INTEGER PRIMARY KEY, at INTEGER NOT NULL, command TEXT NOT NULL, outcome TEXT NOT NULL,
  ref TEXT NOT NULL, person TEXT NOT NULL, seal TEXT NOT NULL
) STRICT, WITHOUT ROWID;
`;
