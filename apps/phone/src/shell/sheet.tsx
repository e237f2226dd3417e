import { Drawer } from '@mantine/core';
import type { ReactNode } from 'react';
import { useT } from '../texts.ts';
import classes from './sheet.module.css';

export type SheetProps = {
  readonly isOpen: boolean;
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
  readonly testId: string;
};

/** Comes up from the bottom of the phone, as high as it needs. */
export const Sheet = ({ isOpen, title, onClose, children, testId }: SheetProps) => {
  const t = useT();
  return (
    <Drawer
      opened={isOpen}
      onClose={onClose}
      position="bottom"
      size="auto"
      title={title}
      portalProps={{ target: '#phone-sheets' }}
      transitionProps={{ duration: 120 }}
      closeButtonProps={{ 'aria-label': t('page.close'), size: 'xl' }}
      closeOnClickOutside={false}
      classNames={{
        inner: classes.inner,
        overlay: classes.overlay,
        content: classes.content,
        header: classes.header,
        title: classes.title,
        body: classes.body,
      }}
      data-testid={testId}
    >
      {children}
    </Drawer>
  );
};
