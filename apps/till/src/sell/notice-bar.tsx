import { Icon, type LocalText, usePick } from '@zhanggui/ui';
import { Action } from '../shell/action.tsx';
import { useTill, useTillState } from '../till-context.ts';
import type { Notice } from '../till-state.ts';
import { useT } from '../use-t.ts';
import classes from './notice-bar.module.css';
import { noticeView } from './notice-view.ts';

type Words = { readonly title: string; readonly detail?: string };

const wordsOf = (notice: Notice, t: ReturnType<typeof useT>, pick: (text: LocalText) => string): Words => {
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
    case 'payment-open':
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
  if (!notice) return null;
  const { role, way } = noticeView(notice);
  const { title, detail } = wordsOf(notice, t, pick);
  return (
    <div className={classes.bar} data-role={role} data-testid="notice" data-kind={notice.kind} role="status">
      <Icon name={role === 'warn' ? 'exclamation' : 'undo'} />
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
