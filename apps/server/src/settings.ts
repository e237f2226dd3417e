import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';

const port = z.coerce.number().int().min(0).max(65_535);
const milliseconds = z.coerce.number().int().min(100).max(600_000);
const flag = z.enum(['true', 'false']).transform((text) => text === 'true');

const roles = ['issuer', 'switch', 'acquirer', 'terminal', 'shop'] as const;

const roleList = z
  .string()
  .transform((text) => text.split(',').map((name) => name.trim()))
  .pipe(z.array(z.enum(roles)).min(1));

/**
 * Every setting there is, once: name, form, default and what it means. Given by the environment, or by the same names in the JSON file
 * that ZHANGGUI_CONFIG points to; the environment wins. docs/settings.md is checked against this table.
 */
export const settingsTable = {
  ZHANGGUI_DATA_DIR: {
    form: z.string().min(1),
    default: '.data',
    meaning: 'Folder of the embedded database, the terminals’ files and the local master key.',
  },
  DATABASE_URL: {
    form: z.string().regex(/^postgres(ql)?:\/\//, 'must begin with postgres://'),
    default: '',
    meaning: 'A PostgreSQL server of your own. Empty: the embedded one is started.',
  },
  ZHANGGUI_ROLES: {
    form: roleList,
    default: roles.join(','),
    meaning: `Roles this process plays, separated by commas: ${roles.join(', ')}.`,
  },
  ZHANGGUI_HTTP_HOST: { form: z.string().min(1), default: '127.0.0.1', meaning: 'Address the web screens listen on.' },
  ZHANGGUI_HTTP_PORT: {
    form: port,
    default: '8580',
    meaning: 'Port of the web screens and the API; 0 takes a free one.',
  },
  ZHANGGUI_ACQUIRER_HOST: {
    form: z.string().min(1),
    default: '127.0.0.1',
    meaning: 'Address the acquirer listens on for terminals, and terminals call.',
  },
  ZHANGGUI_ACQUIRER_PORT: {
    form: port,
    default: '8583',
    meaning: 'Port of the acquirer for terminals (2-byte length, TPDU); 0 takes a free one.',
  },
  ZHANGGUI_SWITCH_HOST: {
    form: z.string().min(1),
    default: '127.0.0.1',
    meaning: 'Address the switch listens on for its members, and members call.',
  },
  ZHANGGUI_SWITCH_PORT: {
    form: port,
    default: '8584',
    meaning: 'Port of the switch for its members (4-digit length); 0 takes a free one.',
  },
  ZHANGGUI_TERMINAL_TIMEOUT_MS: {
    form: milliseconds,
    default: '20000',
    meaning: 'How long a terminal waits for an answer before it reverses. Live terminals use 60000.',
  },
  ZHANGGUI_ACQUIRER_TIMEOUT_MS: {
    form: milliseconds,
    default: '15000',
    meaning: 'How long the acquirer waits for the switch; shorter than the terminal’s. Live hosts use 50000.',
  },
  ZHANGGUI_SWITCH_TIMEOUT_MS: {
    form: milliseconds,
    default: '10000',
    meaning: 'How long the switch waits for the issuer; shorter than the acquirer’s.',
  },
  ZHANGGUI_RETRY_MS: {
    form: milliseconds,
    default: '3000',
    meaning: 'Pause between two sends of a stored reversal, at every hop.',
  },
  ZHANGGUI_CUT_OVER: {
    form: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be hh:mm'),
    default: '23:00',
    meaning: 'When the settlement day turns, wall clock of China.',
  },
  ZHANGGUI_LMK: {
    form: z.string().regex(/^[0-9A-Fa-f]{64}$/, 'must be 64 hexadecimal digits'),
    default: '',
    meaning:
      'Local master key that seals all other keys. Empty: one is made at the first start and kept in the data folder.',
  },
  ZHANGGUI_LMK_OTHER: {
    form: z.string().regex(/^[0-9A-Fa-f]{64}$/, 'must be 64 hexadecimal digits'),
    default: '',
    meaning:
      'Second master key, while the first is changed: it opens too, and at the start every key of hosts and terminals is sealed under ZHANGGUI_LMK.',
  },
  ZHANGGUI_SANDBOX: {
    form: flag,
    default: 'true',
    meaning: 'Mints sandbox cards, keys, a sample shop, and offers the faults to break things with.',
  },
  ZHANGGUI_WALLETS: {
    form: z.string().min(1),
    default: '',
    meaning:
      'JSON file of the shop’s accounts at WeChat Pay, Alipay and UnionPay QR (docs/wallets.md). Empty: the sandbox’s wallets where the sandbox runs, else none.',
  },
  ZHANGGUI_PUBLIC_URL: {
    form: z.url().regex(/[^/]$/, 'must not end in /'),
    default: '',
    meaning:
      'Where wallets reach this server to tell of payments; needed with ZHANGGUI_WALLETS. Empty: its own address, which only the sandbox reaches.',
  },
  ZHANGGUI_QR_POLL_MS: {
    form: milliseconds,
    default: '5000',
    meaning: 'Pause between two queries of a payment by QR code that has no end yet.',
  },
  ZHANGGUI_QR_REVERSE_MS: {
    form: milliseconds,
    default: '30000',
    meaning: 'How long a payment code may stay without an end before it is reversed.',
  },
  ZHANGGUI_SANDBOX_WALLETS_PORT: {
    form: port,
    default: '8585',
    meaning: 'Port of the sandbox’s wallets, for your own clients too; 0 takes a free one.',
  },
  ZHANGGUI_SANDBOX_WALLETS_TLS_PORT: {
    form: port,
    default: '8586',
    meaning:
      'The same over TLS that asks for the merchant’s certificate (WeChat Pay v2 reverse and refund); 0 takes a free one.',
  },
  ZHANGGUI_SANDBOX_PACE: {
    form: z.coerce.number().int().min(1).max(100_000),
    default: '10',
    meaning:
      'How many times faster than real wallets the sandbox’s notify, refund and let bills be had; 1 is the real schedule, with bills from 10:00 of the next day.',
  },
  ZHANGGUI_LOG_TO: {
    form: z.enum(['file', 'stdout']),
    default: 'file',
    meaning: 'Where the log goes, one JSON object a line: `zhanggui.log` in the data folder, or standard output.',
  },
  ZHANGGUI_LOG_LEVEL: {
    form: z.enum(['debug', 'info', 'warn', 'error', 'silent']),
    default: 'info',
    meaning: 'Least severity written to the log.',
  },
} as const satisfies Record<string, { form: z.ZodType; default: string; meaning: string }>;

type SettingName = keyof typeof settingsTable;
type Values = { [Name in SettingName]: z.output<(typeof settingsTable)[Name]['form']> };

/** A setting that does not fit stops the start; the message names it. */
export class SettingsError extends Error {
  readonly setting: string;
  constructor(setting: string, reason: string) {
    super(`setting ${setting}: ${reason}`);
    this.name = 'SettingsError';
    this.setting = setting;
  }
}

const fileValues = (path: string | undefined): Record<string, string> => {
  if (!path) return {};
  if (!existsSync(path)) throw new SettingsError('ZHANGGUI_CONFIG', 'names a file that does not exist');
  const parsed = z
    .record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
    .safeParse(JSON.parse(readFileSync(path, 'utf8')));
  if (!parsed.success) throw new SettingsError('ZHANGGUI_CONFIG', 'must be a JSON object of plain values');
  for (const name of Object.keys(parsed.data))
    if (!(name in settingsTable)) throw new SettingsError(name, 'is not a setting');
  return Object.fromEntries(Object.entries(parsed.data).map(([name, value]) => [name, String(value)]));
};

const refuseUnknown = (environment: NodeJS.ProcessEnv): void => {
  for (const name of Object.keys(environment)) {
    const ours = name.startsWith('ZHANGGUI_') && name !== 'ZHANGGUI_CONFIG' && !name.startsWith('ZHANGGUI_TEST_');
    if (ours && !(name in settingsTable)) throw new SettingsError(name, 'is not a setting');
  }
};

/** All settings, checked. Throws `SettingsError` naming the first that is wrong. */
export const readSettings = (environment: NodeJS.ProcessEnv): Values => {
  refuseUnknown(environment);
  const fromFile = fileValues(environment['ZHANGGUI_CONFIG']);
  const entries = Object.entries(settingsTable).map(([name, { form, default: fallback }]) => {
    const text = environment[name] ?? fromFile[name] ?? fallback;
    if (text === '' && fallback === '') return [name, ''];
    const parsed = form.safeParse(text);
    if (!parsed.success) throw new SettingsError(name, parsed.error.issues[0]?.message ?? 'is not understood');
    return [name, parsed.data];
  });
  return inOrder(Object.fromEntries(entries) as Values);
};

/** Each outer timer is longer than the inner one, so that the hop that knows most answers first. */
const inOrder = (values: Values): Values => {
  if (values.ZHANGGUI_ACQUIRER_TIMEOUT_MS >= values.ZHANGGUI_TERMINAL_TIMEOUT_MS) {
    throw new SettingsError('ZHANGGUI_ACQUIRER_TIMEOUT_MS', 'must be shorter than ZHANGGUI_TERMINAL_TIMEOUT_MS');
  }
  if (values.ZHANGGUI_SWITCH_TIMEOUT_MS >= values.ZHANGGUI_ACQUIRER_TIMEOUT_MS) {
    throw new SettingsError('ZHANGGUI_SWITCH_TIMEOUT_MS', 'must be shorter than ZHANGGUI_ACQUIRER_TIMEOUT_MS');
  }
  return values;
};

export type Settings = Values;
