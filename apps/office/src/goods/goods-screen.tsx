import { Button, TextInput } from '@mantine/core';
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import type { CatalogueItem, Department, ImportGoodsAnswer } from '@zhanggui/api/contract';
import { DataTable, Icon, moneyOfMinor, moneyText, Status, StatusPanel, usePick } from '@zhanggui/ui';
import { useRef } from 'react';
import { office } from '../api.ts';
import { Waiting, WentWrong } from '../shell/answer.tsx';
import { Choice } from '../shell/choice.tsx';
import { useSearchKey } from '../shell/keys-effect.ts';
import { MoreRows, Page } from '../shell/page.tsx';
import { useT } from '../texts.ts';
import classes from './goods.module.css';

const pageSize = 100;

const ImportOutcome = ({ answer }: { answer: ImportGoodsAnswer }) => {
  const t = useT();
  const pick = usePick();
  if (answer.status !== 'rejected') {
    return (
      <Status
        role="ok"
        label={t('goods.imported', { created: answer.created, updated: answer.updated, unchanged: answer.unchanged })}
        testId="import-done"
      />
    );
  }
  return (
    <StatusPanel
      role="danger"
      title={t('goods.rejected', { n: answer.errorCount })}
      testId="import-rejected"
      detail={t('goods.importHint')}
    >
      <ul className={classes.errors}>
        {answer.errors.map((error, index) => (
          <li key={index}>
            {t('goods.rowError', { row: error.row, column: error.column, message: pick(error.message) })}
          </li>
        ))}
      </ul>
    </StatusPanel>
  );
};

const ImportButton = ({ onChosen, busy }: { onChosen: (file: File) => void; busy: boolean }) => {
  const t = useT();
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <input
        ref={input}
        type="file"
        accept=".csv,text/csv"
        hidden
        data-testid="import-file"
        onChange={(event) => {
          const file = event.currentTarget.files?.[0];
          event.currentTarget.value = '';
          if (file) onChosen(file);
        }}
      />
      <Button
        variant="default"
        leftSection={<Icon name="upload" size="small" />}
        loading={busy}
        onClick={() => input.current?.click()}
        title={t('goods.importHint')}
        data-testid="import-goods"
      >
        {t('goods.import')}
      </Button>
    </>
  );
};

const useColumns = (departments: readonly Department[]) => {
  const t = useT();
  const pick = usePick();
  const names = new Map(departments.map((department) => [department.id, pick(department.name)]));
  return [
    { key: 'name', title: t('table.name'), cell: (row: CatalogueItem) => <GoodsName row={row} /> },
    {
      key: 'price',
      title: t('goods.price'),
      align: 'right' as const,
      cell: (row: CatalogueItem) => moneyText(moneyOfMinor(row.priceMinor), { symbol: false }),
    },
    {
      key: 'barcode',
      title: t('goods.barcode'),
      cell: (row: CatalogueItem) => <span className={classes.code}>{row.barcode}</span>,
    },
    {
      key: 'department',
      title: t('goods.department'),
      cell: (row: CatalogueItem) => names.get(row.departmentId) ?? row.departmentId,
    },
    { key: 'unit', title: t('goods.unit'), cell: (row: CatalogueItem) => pick(row.unit.name) },
  ];
};

const GoodsName = ({ row }: { row: CatalogueItem }) => {
  const pick = usePick();
  const name = pick(row.name);
  const other = name === row.name.zh ? row.name.en : row.name.zh;
  return (
    <>
      {name} <span className={classes.other}>{other}</span>
    </>
  );
};

type Narrowing = { search?: string | undefined; department?: string | undefined };

const Filters = ({
  departments,
  search,
  department,
  onNarrow,
}: Narrowing & { departments: readonly Department[]; onNarrow: (next: Narrowing) => void }) => {
  const t = useT();
  const pick = usePick();
  const box = useRef<HTMLInputElement>(null);
  useSearchKey(box);
  return (
    <div className={classes.filters}>
      <TextInput
        ref={box}
        rightSection={<kbd className={classes.key}>/</kbd>}
        className={classes.search}
        leftSection={<Icon name="search" size="small" />}
        placeholder={t('goods.search')}
        aria-label={t('goods.search')}
        defaultValue={search ?? ''}
        onChange={(event) => onNarrow({ search: event.currentTarget.value || undefined })}
        data-testid="goods-search"
      />
      <Choice
        label={t('goods.department')}
        all={t('goods.all')}
        value={department}
        options={departments.map((row) => ({ value: row.id, label: pick(row.name) }))}
        onChange={(chosen) => onNarrow({ department: chosen })}
        testId="goods-department"
      />
    </div>
  );
};

export const GoodsScreen = () => {
  const t = useT();
  const client = useQueryClient();
  const { search, department } = useSearch({ from: '/goods' });
  const navigate = useNavigate({ from: '/goods' });
  const pages = useInfiniteQuery({
    queryKey: ['goods', search, department],
    queryFn: ({ pageParam }) => office.goods({ search, departmentId: department, offset: pageParam }),
    initialPageParam: 0,
    getNextPageParam: (page, all) => (all.length * pageSize < page.total ? all.length * pageSize : undefined),
    placeholderData: (old) => old,
  });
  const upload = useMutation({
    mutationFn: async (file: File) => office.importGoods(await file.text()),
    onSuccess: () => client.invalidateQueries({ queryKey: ['goods'] }),
  });
  const first = pages.data?.pages[0];
  const columns = useColumns(first?.departments ?? []);
  if (pages.isPending) return <Waiting />;
  if (!pages.data || !first) return <WentWrong error={pages.error} onAgain={() => void pages.refetch()} />;
  const narrow = (next: Narrowing) => void navigate({ search: (old) => ({ ...old, ...next }), replace: true });
  return (
    <Page
      title={t('goods.title')}
      note={t('goods.found', { n: first.total })}
      tools={<ImportButton busy={upload.isPending} onChosen={upload.mutate} />}
    >
      <Filters departments={first.departments} search={search} department={department} onNarrow={narrow} />
      {upload.data && <ImportOutcome answer={upload.data} />}
      {upload.error && <WentWrong error={upload.error} onAgain={upload.reset} />}
      <DataTable
        dense
        caption={t('goods.title')}
        testId="goods"
        rows={pages.data.pages.flatMap((page) => page.items)}
        rowKey={(row) => row.id}
        empty={t('goods.empty')}
        columns={columns}
      />
      <MoreRows pages={pages} />
    </Page>
  );
};
