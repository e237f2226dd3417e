import { commandOfKey, type KeyCommand } from './till-keys.ts';

/** Sends the till's keys as commands. Installed once, beside the scanner's listener. Returns its end. */
export const listenToKeys = (send: (command: KeyCommand) => void): (() => void) => {
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey) return;
    const inField = event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement;
    const command = commandOfKey({ key: event.key, shiftKey: event.shiftKey, inField });
    if (command === undefined) return;
    event.preventDefault();
    send(command);
  };
  window.addEventListener('keydown', onKeyDown);
  return () => window.removeEventListener('keydown', onKeyDown);
};
