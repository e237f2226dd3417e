/** A counter to test terminals on: a terminal on a file, hands, and a customer. Imported by tests only. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSoftHsm } from '@zhanggui/hsm';
import { silentLog } from '@zhanggui/telemetry';
import { epochMs } from '@zhanggui/time';
import { sqliteKeyStore } from './key-store.ts';
import { type TerminalParameters, terminalKeyRefs } from './parameters.ts';
import { tmkClear } from './scripted-acquirer.ts';
import { startTerminal, type Terminal, type TerminalSettings } from './terminal.ts';
import type { TerminalView } from './view.ts';

const terminalId = '00000001';
export const merchantId = '898440154110001';
/** A stripe without a chip, of a test BIN. */
export const stripeOnly = '6225000000000000014=30125200000000000';
/** The same card as its stripe would read had it a chip. */
export const stripeOfChip = '6225000000000000014=30126200000000000';

export type Counter = {
  terminal: Terminal;
  views: TerminalView[];
  /** The first view that fits, now or later. */
  until(fits: (view: TerminalView) => boolean, what?: string): Promise<TerminalView>;
  press(keys: string): void;
};

export const parametersFor = (port: number, more: Partial<TerminalParameters> = {}): TerminalParameters => ({
  terminalId,
  merchantId,
  merchantName: { zh: '掌柜便利店', en: 'Zhanggui Corner Shop' },
  acquirer: { host: '127.0.0.1', port },
  tpdu: '6000030000',
  timeoutMs: 150,
  promptMs: 2000,
  resultMs: 30,
  retryMs: 20,
  aids: [],
  capks: [],
  sandbox: true,
  operators: [{ no: '01', pin: '0000' }],
  ...more,
});

/** For tests that start many terminals. */
export const parametersQuick = { promptMs: 1000, resultMs: 5, retryMs: 10, timeoutMs: 60 };

export const temporaryFile = (): { file: string; remove(): void } => {
  const folder = mkdtempSync(join(tmpdir(), 'zhanggui-terminal-'));
  return { file: join(folder, 'terminal.sqlite'), remove: () => rmSync(folder, { recursive: true, force: true }) };
};

/** A terminal on a file, with its TMK injected the first time. */
export const openCounter = async (
  file: string,
  parameters: TerminalParameters,
  more: Partial<TerminalSettings> = {},
): Promise<Counter & { close(): Promise<void> }> => {
  const store = sqliteKeyStore(file);
  const hsm = openSoftHsm({ lmk: new Uint8Array(32).fill(7), store });
  const { tmk } = terminalKeyRefs(parameters.terminalId);
  if (!(await hsm.keyInfo(tmk))) await hsm.importComponents({ ref: tmk, use: 'tmk', components: [tmkClear] });
  const terminal = await startTerminal({
    parameters,
    dataFile: file,
    hsm,
    clock: () => epochMs(Date.now()),
    random: (bytes) => new Uint8Array(randomBytes(bytes)),
    log: silentLog(),
    ...more,
  });
  const views: TerminalView[] = [];
  terminal.onView((view) => views.push(view));
  const until: Counter['until'] = (fits, what = 'a view') =>
    new Promise((resolve, reject) => {
      const now = terminal.view();
      if (fits(now)) return resolve(now);
      const timer = setTimeout(() => {
        stop();
        reject(new Error(`no ${what}; the screen is ${terminal.view().screen}: ${terminal.view().message.en}`));
      }, 8000);
      const stop = terminal.onView((view) => {
        if (!fits(view)) return;
        clearTimeout(timer);
        stop();
        resolve(view);
      });
    });
  const press = (keys: string): void => {
    for (const key of keys) {
      const name = key === '#' ? 'confirm' : key === '*' ? 'cancel' : key === '<' ? 'clear' : key;
      terminal.command({ kind: 'key', key: name as '0' });
    }
  };
  return {
    terminal,
    views,
    until,
    press,
    close: async () => {
      await terminal.stop();
      store.close();
    },
  };
};

export type Customer = {
  swipe?: string;
  insert?: () => Parameters<Terminal['command']>[0];
  pins?: string[];
  /** Leaves the card in the slot. */
  forgetsCard?: boolean;
};

/** A customer who does what the screen asks: presents the card, keys the PINs one after the other, takes the card. */
export const serveCustomer = (terminal: Terminal, customer: Customer): (() => void) => {
  const pins = [...(customer.pins ?? ['123456'])];
  let last = '';
  return terminal.onView((view) => {
    const moment = `${view.screen}/${view.message.en}/${view.cardInSlot}/${view.deadline}`;
    if (moment === last) return;
    last = moment;
    setImmediate(() => act(view));
  });

  function act(view: TerminalView): void {
    const wantsStripe = !customer.insert || view.message.en.startsWith('Chip not readable');
    if (view.screen === 'present-card' && wantsStripe && customer.swipe) {
      if (view.cardInSlot) terminal.command({ kind: 'remove-card' });
      terminal.command({ kind: 'swipe', track2: customer.swipe });
    } else if (view.screen === 'present-card' && customer.insert) {
      terminal.command(customer.insert());
    } else if (view.pinDigits === 0) {
      for (const digit of pins.shift() ?? '') terminal.command({ kind: 'key', key: digit as '0' });
      terminal.command({ kind: 'key', key: 'confirm' });
    } else if (
      !customer.forgetsCard &&
      view.cardInSlot &&
      (view.screen === 'result' || view.screen === 'remove-card')
    ) {
      terminal.command({ kind: 'remove-card' });
    }
  }
};
