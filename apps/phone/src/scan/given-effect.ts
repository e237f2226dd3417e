import { useEffect, useEffectEvent } from 'react';

export type Given = Readonly<{ kind: 'picture'; picture: Blob } | { kind: 'text'; text: string }>;

const givenIn = (data: DataTransfer | null): Given | undefined => {
  const picture = Array.from(data?.files ?? []).find(({ type }) => type.startsWith('image/'));
  if (picture) return { kind: 'picture', picture };
  const text = data?.getData('text') ?? '';
  return text.trim() === '' ? undefined : { kind: 'text', text };
};

/** A picture or a text pasted anywhere on the screen or dropped on it. */
export const useGiven = (onGiven: (given: Given) => void): void => {
  const take = useEffectEvent((event: Event, data: DataTransfer | null) => {
    const given = givenIn(data);
    // A text pasted into a field is the field's.
    if (!given || (given.kind === 'text' && event.target instanceof HTMLTextAreaElement)) return;
    event.preventDefault();
    onGiven(given);
  });
  // Window listeners: a thing may be pasted or dropped where no field is.
  useEffect(() => {
    const paste = (event: ClipboardEvent): void => take(event, event.clipboardData);
    const drop = (event: DragEvent): void => take(event, event.dataTransfer);
    const over = (event: DragEvent): void => event.preventDefault();
    window.addEventListener('paste', paste);
    window.addEventListener('drop', drop);
    window.addEventListener('dragover', over);
    return () => {
      window.removeEventListener('paste', paste);
      window.removeEventListener('drop', drop);
      window.removeEventListener('dragover', over);
    };
  }, []);
};
