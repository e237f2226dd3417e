import type { StatusRole } from '@zhanggui/ui';
import type { Notice } from '../till-state.ts';

/** What each notice looks like and which way on it offers. */
export type NoticeView = Readonly<{ role: StatusRole; way: 'undo' | 'search' | 'dismiss' }>;

export const noticeView = (notice: Notice): NoticeView => {
  switch (notice.kind) {
    case 'removed':
    case 'cleared':
      return { role: 'info', way: 'undo' };
    case 'unknown-code':
      return { role: 'warn', way: 'search' };
    case 'shift-resumed':
      return { role: 'info', way: 'dismiss' };
    case 'refused':
    case 'payment-open':
    case 'code-while-paying':
    case 'code-without-sale':
    case 'wallet-not-taken':
    case 'line-open':
    case 'phone-offline':
    case 'not-a-payment-code':
    case 'not-selling':
    case 'no-right':
    case 'signed-out-elsewhere':
    case 'server':
      return { role: 'warn', way: 'dismiss' };
  }
};
