import { createUseT } from '@zhanggui/ui';
import { officeTexts } from './office-texts.ts';

export const useT = createUseT(officeTexts);
