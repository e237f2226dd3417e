import type { CurrencyCode } from '@zhanggui/money';
import { Icon, type LocalText, moneyOfMinor, moneyText, usePick } from '@zhanggui/ui';
import { currencyOf } from '../counter.ts';
import { Action } from '../shell/action.tsx';
import { dateTimeText } from '../shell/time-text.ts';
import { useTill, useTillState } from '../till-context.ts';
import type { Notice } from '../till-state.ts';
import { useT } from '../use-t.ts';
import classes from './notice-bar.module.css';
import { noticeView } from './notice-view.ts';

type Words = { readonly title: string; readonly detail?: string };

type Tongue = {
  readonly t: ReturnType<typeof useT>;
  readonly pick: (text: LocalText) => string;
  readonly currency: CurrencyCode;
};

const wordsOf = (notice: Notice, { t, pick, currency }: Tongue): Words => {
  switch (notice.kind) {
    case 'unknown-code':
      return { title: t('notice.unknown-code', { code: notice.code }), detail: t('notice.unknown-code.hint') };
    case 'refused':
      return { title: t(`refusal.${notice.reason}`) };
    case 'removed':
      return { title: t('notice.removed', { name: pick(notice.name) }) };
    case 'cleared':
      return { title: t('notice.cleared') };
    case 'server':
      return { title: pick(notice.message) };
    case 'shift-resumed':
      return {
        title: t('notice.shift-resumed'),
        detail: t('notice.shift-resumed.detail', {
          at: dateTimeText(notice.shift.openedAt),
          float: moneyText(moneyOfMinor(notice.shift.floatMinor, currency)),
        }),
      };
    case 'payment-open':
    case 'code-while-paying':
    case 'code-without-sale':
    case 'wallet-not-taken':
    case 'line-open':
    case 'phone-offline':
    case 'not-a-payment-code':
    case 'signed-out-elsewhere':
    case 'not-selling':
    case 'no-right':
      return { title: t(`notice.${notice.kind}`) };
  }
};

/** What just happened, beside the basket it concerns; a scan or the next command takes it away. */
export const NoticeBar = () => {
  const t = useT();
  const pick = usePick();
  const till = useTill();
  const notice = useTillState((state) => state.notice);
  const currency = currencyOf(useTillState((state) => state.session));
  if (!notice) return null;
  const { role, way } = noticeView(notice);
  const { title, detail } = wordsOf(notice, { t, pick, currency });
  return (
    <div className={classes.bar} data-role={role} data-testid="notice" data-kind={notice.kind} role="status">
      <Icon name={role === 'warn' ? 'exclamation' : way === 'undo' ? 'undo' : 'drawer'} />
      <div className={classes.words}>
        <div className={classes.title}>{title}</div>
        {detail && <div className={classes.detail}>{detail}</div>}
      </div>
      {way === 'undo' && (
        <Action look="plain" testId="notice-undo" onPress={() => void till.undo()}>
          {t('notice.undo')}
        </Action>
      )}
      {way === 'search' && (
        <Action look="plain" testId="notice-search" onPress={() => till.startSearch()}>
          {t('notice.search')}
        </Action>
      )}
      {way === 'dismiss' && (
        <Action
          look="quiet"
          icon="cross"
          label={t('notice.dismiss')}
          testId="notice-dismiss"
          onPress={() => till.dismissNotice()}
        />
      )}
    </div>
  );
};
