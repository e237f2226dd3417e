import {
  characterOf,
  defaultWedgeLimits,
  pressCharacter,
  pressEnd,
  settleRun,
  type WedgeLimits,
  type WedgeRun,
  type WedgeStep,
} from './wedge-detector.ts';

export type ScanOwner = {
  /** A whole code from a gun. */
  readonly scan: (text: string) => void;
  /** Characters typed by hand with no text field under them. */
  readonly typed: (text: string) => void;
};

type TextField = HTMLInputElement | HTMLTextAreaElement;
type FieldBefore = { readonly field: TextField; readonly value: string };

const quietMs = 150;

const textField = (target: EventTarget | null): TextField | undefined =>
  (target instanceof HTMLInputElement && !['checkbox', 'radio', 'button'].includes(target.type)) ||
  target instanceof HTMLTextAreaElement
    ? target
    : undefined;

/** Puts a field back to what it held before the gun typed into it, in a way React notices. */
const restoreField = ({ field, value }: FieldBefore): void => {
  const owner = field instanceof HTMLInputElement ? HTMLInputElement.prototype : HTMLTextAreaElement.prototype;
  Object.getOwnPropertyDescriptor(owner, 'value')?.set?.call(field, value);
  field.dispatchEvent(new Event('input', { bubbles: true }));
};

/**
 * The one listener for guns that type like a keyboard: on window, in the capture phase, outside React, so that it
 * outlives every screen. Keys are kept in a plain run until they prove to be a scan or a hand. Returns its end.
 */
export const listenToWedge = (owner: ScanOwner, limits: WedgeLimits = defaultWedgeLimits): (() => void) => {
  let run: WedgeRun | undefined;
  let before: FieldBefore | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const take = (step: WedgeStep): void => {
    const startedAnew = step.run !== undefined && step.run.text.length === 1;
    for (const event of step.events) {
      if (event.kind === 'scan') {
        if (before) restoreField(before);
        owner.scan(event.text);
      } else if (!before) owner.typed(event.text);
    }
    run = step.run;
    if (!run || startedAnew) before = undefined;
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
    const isEnd = event.key === 'Enter' || event.key === 'Tab';
    const character = isEnd ? undefined : characterOf(event);
    if (!isEnd && character === undefined) return;
    clearTimeout(timer);
    const at = event.timeStamp;
    const step = isEnd ? pressEnd(run, at, limits) : pressCharacter(run, character ?? '', at, limits);
    take(step);
    if (step.swallow) {
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    if (!run) return;
    const field = textField(event.target);
    if (run.text.length === 1 && field) before = { field, value: field.value };
    timer = setTimeout(() => take(settleRun(run, limits)), quietMs);
  };

  window.addEventListener('keydown', onKeyDown, { capture: true });
  return () => {
    clearTimeout(timer);
    window.removeEventListener('keydown', onKeyDown, { capture: true });
  };
};
