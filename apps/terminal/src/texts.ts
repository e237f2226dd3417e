import { createUseT } from '@zhanggui/ui';
import { terminalTexts } from './texts-table.ts';

export const useT = createUseT(terminalTexts);
