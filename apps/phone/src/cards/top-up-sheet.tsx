import type { PhoneTopUpAnswer, PhoneWalletState } from '@zhanggui/api/contract';
import { decimalText, type Money } from '@zhanggui/money';
import { Keypad, moneyText, pressKey, Status, usePick } from '@zhanggui/ui';
import { useState } from 'react';
import { useWire } from '../phone-context.ts';
import { BigButton } from '../shell/big-button.tsx';
import { Sheet } from '../shell/sheet.tsx';
import { useT } from '../texts.ts';
import { useFundingName } from '../wallet/funding-name.ts';
import classes from './top-up-sheet.module.css';
import { topUpLimits, topUpOffers, typedAmount } from './top-up-view.ts';

export type TopUpSheetProps = {
  readonly wallet: PhoneWalletState;
  readonly isOpen: boolean;
  readonly onClose: () => void;
};

export const TopUpSheet = ({ wallet, isOpen, onClose }: TopUpSheetProps) => {
  const t = useT();
  const title = t('top-up.title', { wallet: t(`wallet.${wallet.wallet}`) });
  return (
    <Sheet isOpen={isOpen} title={title} testId="top-up-sheet" onClose={onClose}>
      <TopUpForm wallet={wallet} onDone={onClose} />
    </Sheet>
  );
};

type Trouble = Exclude<PhoneTopUpAnswer, { kind: 'done' }> | 'failed';

const TopUpForm = ({ wallet, onDone }: { wallet: PhoneWalletState; onDone: () => void }) => {
  const t = useT();
  const pick = usePick();
  const wire = useWire();
  const [cardId, setCardId] = useState(wallet.cards[0]?.id);
  const [text, setText] = useState('');
  const [isBusy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<Trouble>();
  const amount = typedAmount(text);
  const topUp = (money: Money, from: string): void => {
    setBusy(true);
    setTrouble(undefined);
    wire
      .topUp({ wallet: wallet.wallet, cardId: from, amountMinor: String(money.minor) })
      .then(
        (answer) => (answer.kind === 'done' ? onDone() : setTrouble(answer)),
        () => setTrouble('failed'),
      )
      .finally(() => setBusy(false));
  };
  return (
    <>
      <CardChoice wallet={wallet} chosen={cardId} onChoose={setCardId} />
      <output className={classes.amount} data-testid="top-up-amount" data-empty={text === '' || undefined}>
        ¥{text === '' ? '0' : text}
      </output>
      <div className={classes.offers}>
        {topUpOffers.map((offer) => (
          <button
            key={offer.minor}
            type="button"
            className={`zg-press ${classes.offer}`}
            data-testid={`top-up-offer-${offer.minor}`}
            onClick={() => setText(decimalText(offer))}
          >
            {moneyText(offer)}
          </button>
        ))}
      </div>
      <Keypad
        layout="amount"
        disabled={isBusy}
        testId="top-up-key"
        onKey={(key) => setText(pressKey(text, key, topUpLimits))}
      />
      {trouble && (
        <div className={classes.trouble} role="alert">
          <Status
            role="danger"
            label={trouble === 'failed' ? t('line.failed') : pick(trouble.text)}
            look="plain"
            testId="top-up-trouble"
          />
        </div>
      )}
      <BigButton
        testId="top-up-do"
        disabled={isBusy || !amount || cardId === undefined}
        onPress={() => amount && cardId !== undefined && topUp(amount, cardId)}
      >
        {amount ? t('top-up.do', { amount: moneyText(amount) }) : t('top-up.none')}
      </BigButton>
    </>
  );
};

type CardChoiceProps = {
  readonly wallet: PhoneWalletState;
  readonly chosen: string | undefined;
  readonly onChoose: (cardId: string) => void;
};

const CardChoice = ({ wallet, chosen, onChoose }: CardChoiceProps) => {
  const t = useT();
  const nameOf = useFundingName();
  return (
    <label className={classes.from}>
      <span className={classes.fromLabel}>{t('top-up.from')}</span>
      <select
        className={classes.select}
        value={chosen}
        data-testid="top-up-card"
        onChange={(event) => onChoose(event.currentTarget.value)}
      >
        {wallet.cards.map(({ id }) => (
          <option key={id} value={id}>
            {nameOf(wallet.cards, id)}
          </option>
        ))}
      </select>
    </label>
  );
};
