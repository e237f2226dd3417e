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

  /** Says whether characters were handed on as typed, which may open a field and change what stands in it. */
  const take = (step: WedgeStep): boolean => {
    const startedAnew = step.run !== undefined && step.run.text.length === 1;
    let hasTyped = false;
    for (const event of step.events) {
      if (event.kind === 'scan') {
        if (before) restoreField(before);
        owner.scan(event.text);
      } else if (!before) {
        owner.typed(event.text);
        hasTyped = true;
      }
    }
    run = step.run;
    if (!run || startedAnew) before = undefined;
    return hasTyped;
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
    const isEnd = event.key === 'Enter' || event.key === 'Tab';
    const character = isEnd ? undefined : characterOf(event);
    if (!isEnd && character === undefined) return;
    clearTimeout(timer);
    const at = event.timeStamp;
    const step = isEnd ? pressEnd(run, at, limits) : pressCharacter(run, character ?? '', at, limits);
    const hasTyped = take(step);
    if (step.swallow) {
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    if (!run) return;
    const field = hasTyped ? undefined : textField(event.target);
    if (run.text.length === 1 && field) before = { field, value: field.value };
    // A run that began before its field was open is handed on whole; it is not typed into the field as well.
    if (!before && textField(document.activeElement)) event.preventDefault();
    timer = setTimeout(() => take(settleRun(run, limits)), quietMs);
  };

  window.addEventListener('keydown', onKeyDown, { capture: true });
  return () => {
    clearTimeout(timer);
    window.removeEventListener('keydown', onKeyDown, { capture: true });
  };
};
