import { useState } from 'react';
import { usePhone, useWire } from '../phone-context.ts';
import type { PhoneText } from '../session.ts';
import { codeInPicture } from './find-code.ts';
import type { Given } from './given-effect.ts';

export type Reading =
  | Readonly<{ kind: 'idle' }>
  | Readonly<{ kind: 'reading' | 'nothing' | 'no-picture' | 'failed' }>
  | Readonly<{ kind: 'refused'; code: string; text: PhoneText }>;

export type Reader = Readonly<{ reading: Reading; read: (given: Given) => void }>;

/** From a picture or a text to the order in hand. */
export const useReading = (): Reader => {
  const wire = useWire();
  const { tell } = usePhone();
  const [reading, setReading] = useState<Reading>({ kind: 'idle' });

  const readText = async (text: string): Promise<Reading> => {
    const answer = await wire.scan(text);
    if (answer.kind === 'refused') return answer;
    tell({ kind: 'found', order: answer });
    return { kind: 'idle' };
  };
  const readGiven = async (given: Given): Promise<Reading> => {
    if (given.kind === 'text') return readText(given.text);
    const found = await codeInPicture(given.picture);
    return found.kind === 'code' ? readText(found.text) : found;
  };
  const read = (given: Given): void => {
    if (reading.kind === 'reading') return;
    setReading({ kind: 'reading' });
    readGiven(given).then(setReading, () => setReading({ kind: 'failed' }));
  };
  return { reading, read };
};
