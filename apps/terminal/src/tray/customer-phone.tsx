import type { Wallet } from '@zhanggui/api/contract';
import type { TerminalView } from '@zhanggui/terminal';
import { useState } from 'react';
import { useWire } from '../face-context.ts';
import { useT } from '../texts.ts';
import classes from './card-tray.module.css';
import { useWallets } from './wallets-effect.ts';

export type CustomerPhoneProps = { readonly view: TerminalView; readonly onActed?: (() => void) | undefined };

/** Where a scanner reads now: a sale that takes phones, or the question for a payment code. */
const takesCodes = ({ screen, other }: TerminalView): boolean =>
  other !== undefined && (screen === 'present-card' || screen === 'scan-code');

/** The customer's sandbox phone held to the scanner, or a code that was typed or scanned into this computer. */
export const CustomerPhone = ({ view, onActed }: CustomerPhoneProps) => {
  const t = useT();
  const wire = useWire();
  const wallets = useWallets();
  const [typed, setTyped] = useState('');
  if (wallets.length === 0) return null;
  const canScan = takesCodes(view);
  const scan = (text: string): void => {
    if (text.trim() === '') return;
    wire.send({ kind: 'scan', text });
    setTyped('');
    onActed?.();
  };
  const hold = (wallet: Wallet) => () => void wire.paymentCode(wallet).then(scan, () => undefined);
  return (
    <section className={classes.phone} aria-label={t('phone.title')} data-testid="customer-phone">
      <div className={classes.phoneHead}>
        <span>{t('phone.title')}</span>
        <a href="/phone/" target="zhanggui-phone" data-testid="open-phone">
          {t('phone.open')}
        </a>
      </div>
      <div className={classes.row} data-count={wallets.length}>
        {wallets.map((wallet) => (
          <button
            key={wallet}
            type="button"
            className={`zg-press ${classes.act}`}
            data-testid={`phone-${wallet}`}
            disabled={!canScan}
            onClick={hold(wallet)}
          >
            {t(`phone.${wallet}`)}
          </button>
        ))}
      </div>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          scan(typed);
        }}
      >
        <input
          className={classes.code}
          data-testid="scan-input"
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
          placeholder={t('phone.type')}
          aria-label={t('phone.type')}
          autoComplete="off"
          disabled={!canScan}
        />
      </form>
      <p className={classes.hint}>{t(canScan ? 'phone.hold' : 'phone.when')}</p>
    </section>
  );
};
