import { Button } from '@mantine/core';
import { StatusPanel, usePick } from '@zhanggui/ui';
import { Refusal } from '../api.ts';
import { useT } from '../texts.ts';
import classes from './answer.module.css';

export const Waiting = () => <p className={classes.waiting}>{useT()('load.waiting')}</p>;

/** A question the server did not answer: what happened, and the way to ask again. */
export const WentWrong = ({ error, onAgain }: { error: Error | null; onAgain: () => void }) => {
  const t = useT();
  const pick = usePick();
  const refused = error instanceof Refusal ? error.refused : undefined;
  return (
    <div className={classes.centre}>
      <StatusPanel
        role="danger"
        title={t('load.failedEmpty')}
        detail={refused && pick(refused.message)}
        code={refused?.code}
      >
        <Button onClick={onAgain}>{t('load.again')}</Button>
      </StatusPanel>
    </div>
  );
};
