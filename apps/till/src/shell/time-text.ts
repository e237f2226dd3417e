import { epochMs, wallClock } from '@zhanggui/time';

/** `17:32` on the shop's wall clock. */
export const timeText = (at: number): string => wallClock(epochMs(at)).slice(11, 16);
/** `2026-11-22 17:32`. */
export const dateTimeText = (at: number): string => wallClock(epochMs(at)).slice(0, 16).replace('T', ' ');
