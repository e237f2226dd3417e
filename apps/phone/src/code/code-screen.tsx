import { Icon, QrCode, Status, WalletMark } from '@zhanggui/ui';
import { useState } from 'react';
import { useNow } from '../clock-effect.ts';
import { usePhone, useWire } from '../phone-context.ts';
import { Screen } from '../shell/screen.tsx';
import { Sheet } from '../shell/sheet.tsx';
import { useT } from '../texts.ts';
import { useChosenWallet } from '../wallet/chosen-wallet-effect.ts';
import { FundingList } from '../wallet/funding-list.tsx';
import { useFundingName } from '../wallet/funding-name.ts';
import { Bars } from './bars.tsx';
import classes from './code-screen.module.css';
import { digitGroups, secondsLeft } from './digit-groups.ts';
import { usePaymentCode } from './payment-code-effect.ts';

/** What the cashier scans. Black on white whatever the scheme, as large as the phone is wide. */
export const CodeScreen = () => {
  const t = useT();
  const { wallet } = useChosenWallet();
  const { prompt, notices } = usePhone().view;
  const { code, isFailed, renew } = usePaymentCode(wallet, `${prompt?.orderId} ${notices[0]?.id}`);
  return (
    <Screen name="code" title={t('code.title')} foot={<FundingFoot />}>
      <div className={classes.page} data-wallet={wallet}>
        <div className={classes.paper}>
          <p className={classes.lead}>
            <WalletMark wallet={wallet} />
            <span>
              {t(`wallet.${wallet}`)} · {t('code.lead')}
            </span>
          </p>
          <div className={classes.pictures}>{code && <Pictures digits={code.digits} />}</div>
          {isFailed ? (
            <Status role="danger" label={t('line.failed')} testId="code-failed" />
          ) : (
            <Renewal until={code?.until} onRenew={renew} />
          )}
          <p className={classes.once}>{t('code.once')}</p>
        </div>
      </div>
    </Screen>
  );
};

const Pictures = ({ digits }: { digits: string }) => {
  const t = useT();
  return (
    <>
      <Bars digits={digits} label={t('code.picture')} />
      <p className={classes.digits} data-testid="code-digits" data-code={digits}>
        {digitGroups(digits).map((group, index) => (
          <span key={index}>{group}</span>
        ))}
        <CopyButton text={digits} />
      </p>
      <div className={classes.qr}>
        <QrCode text={digits} label={t('code.picture')} testId="code-qr" />
      </div>
    </>
  );
};

/** Only where the browser lets a page copy, which plain http on a network address is not. */
const CopyButton = ({ text }: { text: string }) => {
  const t = useT();
  const [copied, setCopied] = useState<string>();
  if (!window.isSecureContext) return null;
  return (
    <button
      type="button"
      className={`zg-press ${classes.copy}`}
      data-testid="code-copy"
      onClick={() => void navigator.clipboard.writeText(text).then(() => setCopied(text))}
    >
      <Icon name={copied === text ? 'check' : 'copy'} size="small" />
      {t(copied === text ? 'code.copied' : 'code.copy')}
    </button>
  );
};

const Renewal = ({ until, onRenew }: { until: number | undefined; onRenew: () => void }) => {
  const t = useT();
  const now = useNow(0);
  const seconds = until === undefined ? 0 : secondsLeft(until, now);
  return (
    <button type="button" className={`zg-press ${classes.renew}`} data-testid="code-renew" onClick={onRenew}>
      <span className={classes.left} data-testid="code-left">
        {t('code.left', { seconds })}
      </span>
      <span className={classes.renewWord}>
        <Icon name="repeat" size="small" />
        {t('code.renew')}
      </span>
    </button>
  );
};

const FundingFoot = () => {
  const t = useT();
  const wire = useWire();
  const nameOf = useFundingName();
  const wallet = useChosenWallet();
  const [isOpen, setOpen] = useState(false);
  const choose = (funding: string): void => {
    setOpen(false);
    void wire.chooseFunding(wallet.wallet, funding).catch(() => undefined);
  };
  return (
    <>
      <button
        type="button"
        className={`zg-press ${classes.funding}`}
        data-testid="code-funding"
        onClick={() => setOpen(true)}
      >
        <span className={classes.fundingLabel}>{t('code.from')}</span>
        <span className={classes.fundingName}>{nameOf(wallet.cards, wallet.funding)}</span>
        <span className={classes.change}>{t('code.change')}</span>
      </button>
      <Sheet isOpen={isOpen} title={t('funding.title')} testId="funding-sheet" onClose={() => setOpen(false)}>
        <FundingList wallet={wallet} chosen={wallet.funding} onChoose={choose} />
      </Sheet>
    </>
  );
};
