import type { TerminalView } from '@zhanggui/terminal';
import classes from './picture.module.css';

/** What a screen shows beside its words; undefined where the amount and the words are enough. */
type PictureName = 'present' | 'insert' | 'busy' | 'approved' | 'declined' | 'unknown' | 'remove' | 'idle' | 'none';

const pictureOf = ({ screen, tone, cardInSlot }: TerminalView): PictureName => {
  if (screen === 'present-card') return cardInSlot ? 'remove' : 'present';
  if (screen === 'remove-card') return 'remove';
  if (screen === 'idle') return 'idle';
  if (tone === 'busy') return 'busy';
  if (tone === 'approved' || tone === 'declined' || tone === 'unknown') return tone;
  return 'none';
};

export const Picture = ({ view }: { view: TerminalView }) => {
  const name = pictureOf(view);
  if (name === 'none') return null;
  return (
    <div className={classes.picture} data-picture={name} data-testid={`picture-${name}`} aria-hidden="true">
      {name === 'idle' && <IdleMark />}
      {name === 'present' && <PresentCard />}
      {(name === 'insert' || name === 'remove') && <SlotCard />}
      {name === 'busy' && <span className={classes.ring} />}
      {name === 'approved' && <Disc path="m14 25 7.5 7.5L35 17.5" />}
      {name === 'declined' && <Disc path="m16 16 16 16M32 16 16 32" />}
      {name === 'unknown' && <Disc path="M18.5 18.8a5.8 5.8 0 1 1 8.6 5.1c-2 1.1-3.1 2.2-3.1 4.6M24 34.4v.4" />}
    </div>
  );
};

const Disc = ({ path }: { path: string }) => (
  <svg viewBox="0 0 48 48" className={classes.disc}>
    <circle cx="24" cy="24" r="22" />
    <path d={path} />
  </svg>
);

/** A card going down into the slot, and beside it one drawn through the reader. */
const PresentCard = () => (
  <svg viewBox="0 0 168 84" className={classes.drawing}>
    <g className={classes.inserting}>
      <rect x="18" y="6" width="44" height="60" rx="5" className={classes.card} />
      <rect x="33" y="46" width="14" height="11" rx="2" className={classes.gold} />
    </g>
    <path d="M6 70h68v8H6z" className={classes.slot} />
    <path d="M102 18h56M102 66h56" className={classes.rail} />
    <g className={classes.swiping}>
      <rect x="106" y="24" width="48" height="36" rx="5" className={classes.card} />
      <path d="M106 33h48" className={classes.band} />
    </g>
  </svg>
);

const SlotCard = () => (
  <svg viewBox="0 0 168 84" className={classes.drawing}>
    <g className={classes.removing}>
      <rect x="62" y="6" width="44" height="60" rx="5" className={classes.card} />
      <rect x="77" y="46" width="14" height="11" rx="2" className={classes.gold} />
    </g>
    <path d="M50 70h68v8H50z" className={classes.slot} />
    <path d="M130 52V22M122 30l8-8 8 8" className={classes.arrow} />
  </svg>
);

/** Three ways to read one card, drawn small: this terminal is ready. */
const IdleMark = () => (
  <svg viewBox="0 0 168 84" className={classes.drawing}>
    <rect x="50" y="14" width="68" height="46" rx="6" className={classes.card} />
    <rect x="60" y="30" width="13" height="11" rx="2" className={classes.gold} />
    <path d="M60 50h34" className={classes.band} />
    <path d="M34 72h100" className={classes.rail} />
  </svg>
);
