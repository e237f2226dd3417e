import { Button, Modal } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './ask.module.css';
import { useUiT } from './face.tsx';

export type AskProps = {
  readonly opened: boolean;
  readonly title: string;
  /** What will happen, and what is kept. */
  readonly detail?: ReactNode;
  /** A verb, never "OK". */
  readonly confirm: string;
  readonly keep?: string;
  readonly danger?: boolean;
  readonly disabled?: boolean;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
  readonly testId?: string;
};

/** A question before something that cannot be undone; prefer undo where there is one. */
export const Ask = (props: AskProps) => {
  const { opened, title, detail, confirm, keep, danger, disabled, onConfirm, onClose, testId = 'ask' } = props;
  const t = useUiT();
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      withCloseButton={false}
      title={title}
      classNames={{ title: classes.title, content: classes.content, header: classes.header, body: classes.body }}
      data-testid={testId}
    >
      {detail !== undefined && <div className={classes.detail}>{detail}</div>}
      <div className={classes.ways}>
        <Button variant="default" onClick={onClose} data-testid={`${testId}-keep`}>
          {keep ?? t('ask.keep')}
        </Button>
        <Button
          color={danger ? 'red.9' : 'indigo'}
          disabled={disabled}
          onClick={onConfirm}
          data-testid={`${testId}-confirm`}
        >
          {confirm}
        </Button>
      </div>
    </Modal>
  );
};
