import { Menu } from '@mantine/core';
import { Icon, useScheme } from '@zhanggui/ui';
import { useTill } from '../till-context.ts';
import { useT } from '../use-t.ts';
import type { Layout, LayoutChoice } from './layout.ts';
import { MoreKey } from './more-key.tsx';
import classes from './status-bar.module.css';

/** What a cashier needs a few times a day. */
const MoreMenu = ({ layout, onLayout }: LayoutChoice) => {
  const t = useT();
  const till = useTill();
  const { scheme, toggleScheme } = useScheme();
  const otherLayout: Layout = layout === 'touch' ? 'scan' : 'touch';
  const otherScheme = scheme === 'light' ? 'dark' : 'light';
  return (
    <Menu position="bottom-end" width="16rem" returnFocus={false}>
      <Menu.Target>
        <MoreKey label={t('status.menu')} />
      </Menu.Target>
      <Menu.Dropdown className={classes.menu}>
        <Menu.Item
          leftSection={<Icon name="drawer" />}
          onClick={() => till.showCloseShift()}
          data-testid="menu-close-shift"
        >
          {t('menu.close-shift')}
        </Menu.Item>
        <Menu.Item leftSection={<Icon name="upload" />} onClick={() => till.showUploads()} data-testid="menu-uploads">
          {t('menu.uploads')}
        </Menu.Item>
        <Menu.Item leftSection={<Icon name="screen" />} onClick={() => till.openDisplay()} data-testid="menu-display">
          {t('display.open')}
        </Menu.Item>
        <Menu.Item leftSection={<Icon name="layout" />} onClick={() => onLayout(otherLayout)} data-testid="menu-layout">
          {t(`menu.layout.${otherLayout}`)}
        </Menu.Item>
        <Menu.Item
          leftSection={<Icon name={otherScheme === 'dark' ? 'moon' : 'sun'} />}
          onClick={toggleScheme}
          data-testid="menu-scheme"
        >
          {t(`menu.scheme.${otherScheme}`)}
        </Menu.Item>
        <Menu.Item leftSection={<Icon name="lock" />} onClick={() => void till.signOut()} data-testid="menu-sign-out">
          {t('menu.sign-out')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
};

export default MoreMenu;
