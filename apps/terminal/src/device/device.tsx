import type { TerminalView } from '@zhanggui/terminal';
import { useWire } from '../face-context.ts';
import type { LineState } from '../ports.ts';
import { useT } from '../texts.ts';
import classes from './device.module.css';
import { Display } from './display.tsx';
import { useKeyboard } from './keyboard-effect.ts';
import { Keys } from './keys.tsx';
import { PaperSheet } from './printer.tsx';

export type DeviceProps = {
  readonly view: TerminalView;
  readonly line: LineState;
  /** Where there is no room beside the device, its paper is looked at over the display, when somebody asks to. */
  readonly isPaperShown: boolean;
  readonly onPaper: (shown: boolean) => void;
  readonly onTray: () => void;
  readonly onFaults: () => void;
};

/** The handheld: display, keys, and the two places a card can go. */
export const Device = ({ view, line, isPaperShown, onPaper, onTray, onFaults }: DeviceProps) => {
  const wire = useWire();
  const t = useT();
  useKeyboard((key) => wire.send({ kind: 'key', key }));
  return (
    <div className={classes.device} data-testid="device" data-card={view.cardInSlot || undefined}>
      <div className={classes.mouth} data-printing={view.paper.length > 0 || undefined} aria-hidden="true" />
      <Display view={view} line={line} onPaper={() => onPaper(true)} onTray={onTray} onFaults={onFaults} />
      <Keys onKey={(key) => wire.send({ kind: 'key', key })} />
      <span className={classes.stripeSlot} aria-hidden="true">
        {t('slot.stripe')}
      </span>
      <button
        type="button"
        className={`zg-press ${classes.chipSlot}`}
        data-testid="chip-slot"
        data-full={view.cardInSlot || undefined}
        title={view.cardInSlot ? t('card.remove') : t('slot.chip')}
        onClick={() => (view.cardInSlot ? wire.send({ kind: 'remove-card' }) : onTray())}
      >
        <span className={classes.slotMouth} aria-hidden="true" />
        <span className={classes.slotCard} aria-hidden="true" />
        <span className={classes.slotWord}>{view.cardInSlot ? t('card.remove') : t('slot.chip')}</span>
      </button>
      {isPaperShown && <PaperSheet paper={view.paper} onClose={() => onPaper(false)} />}
    </div>
  );
};
