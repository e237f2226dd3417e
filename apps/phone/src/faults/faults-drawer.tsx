import { Drawer, Switch } from '@mantine/core';
import { Status, usePick } from '@zhanggui/ui';
import { useT } from '../texts.ts';
import classes from './faults-drawer.module.css';
import { useFaults } from './faults-effect.ts';

export type FaultsDrawerProps = { readonly isOpen: boolean; readonly onClose: () => void };

/** Named ways to break what is between a merchant and the wallets; each stays on until it is switched off or used up. */
export const FaultsDrawer = ({ isOpen, onClose }: FaultsDrawerProps) => {
  const t = useT();
  return (
    <Drawer
      opened={isOpen}
      onClose={onClose}
      position="right"
      title={<span className={classes.title}>{t('page.break')}</span>}
      closeButtonProps={{ 'aria-label': t('page.close'), size: 'xl' }}
    >
      <FaultList />
    </Drawer>
  );
};

const FaultList = () => {
  const t = useT();
  const pick = usePick();
  const { faults, isFailed, set } = useFaults();
  return (
    <div className={classes.list} data-testid="faults">
      <p className={classes.lead}>{t('faults.lead')}</p>
      {isFailed && <Status role="danger" label={t('faults.failed')} testId="faults-failed" />}
      {faults?.length === 0 && <p className={classes.lead}>{t('faults.none')}</p>}
      {faults?.map(({ id, title, active }) => (
        <Switch
          key={id}
          className={classes.fault}
          size="lg"
          label={pick(title)}
          labelPosition="left"
          checked={active}
          data-testid={`fault-${id}`}
          onChange={(event) => set({ id, active: event.currentTarget.checked })}
        />
      ))}
    </div>
  );
};
