import { useState } from 'react';
import { usePhone, useWire } from '../phone-context.ts';
import { BigButton, type BigButtonProps } from '../shell/big-button.tsx';
import { useT } from '../texts.ts';
import classes from './shown-button.module.css';

type Trouble = 'none-shown' | 'failed';

/** Finds what the till is showing now, as a phone held in front of it would. */
export const ShownButton = ({ look }: { look: BigButtonProps['look'] }) => {
  const t = useT();
  const wire = useWire();
  const { tell } = usePhone();
  const [isBusy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<Trouble>();
  const aim = (): void => {
    setBusy(true);
    setTrouble(undefined);
    wire
      .shown()
      .then(
        (order) => (order ? tell({ kind: 'found', order }) : setTrouble('none-shown')),
        () => setTrouble('failed'),
      )
      .finally(() => setBusy(false));
  };
  return (
    <div className={classes.place}>
      {trouble && (
        <p className={classes.trouble} data-testid="shown-trouble" data-kind={trouble} role="status">
          {t(trouble === 'failed' ? 'line.failed' : 'scan.none-shown')}
        </p>
      )}
      <BigButton look={look} icon="aim" disabled={isBusy} testId="scan-shown" onPress={aim}>
        {t('scan.shown')}
      </BigButton>
    </div>
  );
};
