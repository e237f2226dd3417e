import { createUseT } from '@zhanggui/ui';
import { phoneTexts } from './texts-table.ts';

export const useT = createUseT(phoneTexts);
