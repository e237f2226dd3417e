import type { PhoneOrder, PhonePayAnswer } from '@zhanggui/api/contract';
import { Amount, moneyOfMinor, moneyText, Status, usePick, WalletMark } from '@zhanggui/ui';
import { useState } from 'react';
import { useNow } from '../clock-effect.ts';
import { usePhone, useWire } from '../phone-context.ts';
import { BigButton } from '../shell/big-button.tsx';
import { Sheet } from '../shell/sheet.tsx';
import { useT } from '../texts.ts';
import { FundingList } from '../wallet/funding-list.tsx';
import { LockedPanel } from './locked-panel.tsx';
import { PasswordPad } from './password-pad.tsx';
import classes from './pay-sheet.module.css';
import { type PayView, payView } from './pay-view.ts';

/** The order in hand: one that was scanned, or one the till asks the password for. */
export const PaySheet = () => {
  const t = useT();
  const wire = useWire();
  const { view, session, tell } = usePhone();
  const order = view.prompt ?? session.order;
  const close = (): void => {
    tell({ kind: 'order-put-away' });
    if (view.prompt) void wire.decline(view.prompt.orderId).catch(() => undefined);
  };
  return (
    <Sheet
      isOpen={order !== undefined && session.outcome === undefined}
      title={t(view.prompt ? 'pay.asked' : 'pay.title')}
      testId="pay-sheet"
      onClose={close}
    >
      {order && <PayOrder key={order.orderId} order={order} isPrompt={view.prompt !== undefined} onDecline={close} />}
    </Sheet>
  );
};

type PayOrderProps = { readonly order: PhoneOrder; readonly isPrompt: boolean; readonly onDecline: () => void };
type Trouble = Exclude<PhonePayAnswer, { kind: 'paid' }> | { kind: 'no-answer' };

const PayOrder = ({ order, isPrompt, onDecline }: PayOrderProps) => {
  const t = useT();
  const wire = useWire();
  const { view, aheadMs, tell } = usePhone();
  const now = useNow(aheadMs);
  const [chosen, setChosen] = useState<string>();
  const [isAsking, setAsking] = useState(isPrompt);
  const [isBusy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<Trouble>();
  const pay = payView(view, { order, chosen, now });
  if (!pay) return <Status role="danger" label={t('result.refused')} />;

  const take = (answer: PhonePayAnswer): void => {
    if (answer.kind === 'paid') return tell({ kind: 'ended', outcome: answer });
    setTrouble(answer);
    setAsking(answer.triesLeft !== undefined);
  };
  const send = (password?: string): void => {
    setBusy(true);
    setTrouble(undefined);
    wire
      .pay({ orderId: order.orderId, funding: pay.funding, password })
      .then(take, () => setTrouble({ kind: 'no-answer' }))
      .finally(() => setBusy(false));
  };
  const troubleWords = trouble && <TroubleWords trouble={trouble} />;
  return (
    <>
      <OrderWords order={order} />
      {pay.lockedMs !== undefined && <LockedPanel ms={pay.lockedMs} />}
      {isAsking && order.needsPassword && pay.lockedMs === undefined && !pay.isShort ? (
        <PasswordPad isBusy={isBusy} trouble={troubleWords} onFull={send} />
      ) : (
        <>
          {pay.lockedMs === undefined && troubleWords}
          <Confirm
            pay={pay}
            isBusy={isBusy}
            onChoose={setChosen}
            onPay={() => (order.needsPassword ? setAsking(true) : send())}
            onDecline={onDecline}
          />
        </>
      )}
    </>
  );
};

const OrderWords = ({ order }: { order: PhoneOrder }) => {
  const t = useT();
  return (
    <div className={classes.order} data-testid="pay-order" data-autofocus tabIndex={-1}>
      <p className={classes.merchant}>
        <WalletMark wallet={order.wallet} />
        <span>{t('pay.to', { merchant: order.merchant })}</span>
      </p>
      <Amount value={moneyOfMinor(order.amountMinor)} size="total" strong testId="pay-amount" />
      <p className={classes.quiet}>{order.description}</p>
    </div>
  );
};

const TroubleWords = ({ trouble }: { trouble: Trouble }) => {
  const t = useT();
  const pick = usePick();
  const words = (): string => {
    if (trouble.kind === 'no-answer') return t('pay.no-answer');
    if (trouble.triesLeft !== undefined && trouble.triesLeft > 0) return t('pay.tries', { count: trouble.triesLeft });
    return pick(trouble.text);
  };
  return (
    <div className={classes.trouble} data-testid="pay-trouble" role="alert">
      <Status role={trouble.kind === 'no-answer' ? 'unknown' : 'danger'} label={words()} look="plain" />
    </div>
  );
};

type ConfirmProps = {
  readonly pay: PayView;
  readonly isBusy: boolean;
  readonly onChoose: (funding: string) => void;
  readonly onPay: () => void;
  readonly onDecline: () => void;
};

const Confirm = ({ pay, isBusy, onChoose, onPay, onDecline }: ConfirmProps) => {
  const t = useT();
  const { wallet, funding, order, isShort, lockedMs } = pay;
  return (
    <>
      <FundingList wallet={wallet} chosen={funding} neededMinor={order.amountMinor} onChoose={onChoose} />
      <div className={classes.ways}>
        <BigButton testId="pay-confirm" disabled={isBusy || isShort || lockedMs !== undefined} onPress={onPay}>
          {isBusy ? t('pay.busy') : t('pay.pay', { amount: moneyText(moneyOfMinor(order.amountMinor)) })}
        </BigButton>
        <BigButton look="plain" testId="pay-decline" disabled={isBusy} onPress={onDecline}>
          {t('pay.decline')}
        </BigButton>
      </div>
    </>
  );
};
