import { createUseT } from '@zhanggui/ui';
import { tillTexts } from './till-texts.ts';

export const useT = createUseT(tillTexts);
