import { type PasswordRule, passwordRule } from '@zhanggui/api/contract';
import { Amount, moneyOfMinor } from '@zhanggui/ui';
import { useState } from 'react';
import { WalletTabs } from '../home/wallet-tabs.tsx';
import { usePhone, useWire } from '../phone-context.ts';
import { BigButton } from '../shell/big-button.tsx';
import { Screen } from '../shell/screen.tsx';
import { useT } from '../texts.ts';
import { useChosenWallet } from '../wallet/chosen-wallet-effect.ts';
import { FundingList } from '../wallet/funding-list.tsx';
import classes from './cards-screen.module.css';
import { TopUpSheet } from './top-up-sheet.tsx';

/** What a wallet holds, what it pays from, and when it asks for the password. */
export const CardsScreen = () => {
  const t = useT();
  const wire = useWire();
  const wallet = useChosenWallet();
  const [isToppingUp, setToppingUp] = useState(false);
  const choose = (funding: string): void => void wire.chooseFunding(wallet.wallet, funding).catch(() => undefined);
  return (
    <Screen name="cards" title={t('cards.title')}>
      <div className={classes.page}>
        <WalletTabs />
        <div className={classes.balance}>
          <div className={classes.figure}>
            <span className={classes.quiet}>{t('wallet.balance')}</span>
            <Amount value={moneyOfMinor(wallet.balanceMinor)} size="subtotal" strong testId="balance" />
          </div>
          <div className={classes.topUp}>
            <BigButton look="plain" icon="plus" testId="open-top-up" onPress={() => setToppingUp(true)}>
              {t('cards.top-up')}
            </BigButton>
          </div>
        </div>
        <section className={classes.part}>
          <h3 className={classes.title}>{t('cards.funding')}</h3>
          <FundingList wallet={wallet} chosen={wallet.funding} onChoose={choose} />
          {wallet.cards.length === 0 && <p className={classes.quiet}>{t('cards.no-cards')}</p>}
        </section>
        <PasswordRules />
        <p className={classes.lead}>{t('page.lead')}</p>
      </div>
      <TopUpSheet key={wallet.wallet} wallet={wallet} isOpen={isToppingUp} onClose={() => setToppingUp(false)} />
    </Screen>
  );
};

const PasswordRules = () => {
  const t = useT();
  const wire = useWire();
  const { view } = usePhone();
  const choose = (rule: PasswordRule): void => void wire.setPasswordRule(rule).catch(() => undefined);
  return (
    <section className={classes.part}>
      <h3 className={classes.title}>{t('cards.rule')}</h3>
      <div className={classes.rules} role="radiogroup" aria-label={t('cards.rule')}>
        {passwordRule.options.map((rule) => (
          <button
            key={rule}
            type="button"
            role="radio"
            aria-checked={rule === view.passwordRule}
            className={`zg-press ${classes.rule}`}
            data-testid={`rule-${rule}`}
            onClick={() => choose(rule)}
          >
            {t(`rule.${rule}`)}
          </button>
        ))}
      </div>
      <p className={classes.quiet}>{t('cards.rule.lead')}</p>
    </section>
  );
};
