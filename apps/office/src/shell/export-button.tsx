import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useT } from '../texts.ts';
import { csvOf } from './csv-and-dates.ts';
import classes from './export-button.module.css';

export type Sheet = Readonly<{ header: readonly string[]; rows: readonly (readonly string[])[] }>;

const download = (name: string, text: string): void => {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type: 'text/csv;charset=utf-8' }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
};

/** A table for a spreadsheet: every row there is, not only those shown. */
export const ExportButton = ({
  name,
  sheet,
  testId,
}: {
  name: string;
  sheet: () => Sheet | Promise<Sheet>;
  testId: string;
}) => {
  const t = useT();
  const task = useMutation({
    mutationFn: async () => {
      const { header, rows } = await sheet();
      download(name, csvOf(header, rows));
    },
  });
  return (
    <Button
      variant="subtle"
      size="compact-sm"
      className={classes.button}
      onClick={() => task.mutate()}
      disabled={task.isPending}
      data-testid={testId}
    >
      {t(task.isPending ? 'table.exporting' : task.isError ? 'table.exportFailed' : 'table.export')}
    </Button>
  );
};
