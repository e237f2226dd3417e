import type { CatalogueItem } from '@zhanggui/api/contract';
import { Amount, Icon, moneyOfMinor, usePick } from '@zhanggui/ui';
import { useDeferredValue, useMemo } from 'react';
import { currencyOf } from '../counter.ts';
import { useTill, useTillState } from '../till-context.ts';
import { useT } from '../use-t.ts';
import classes from './goods-panel.module.css';
import { piecesByItem } from './sell-view.ts';

const tilesMax = 120;
const hitsMax = 50;

const Search = () => {
  const t = useT();
  const till = useTill();
  const search = useTillState((state) => state.search);
  return (
    <form
      className={classes.search}
      onSubmit={(event) => {
        event.preventDefault();
        void till.takeFirstHit();
      }}
    >
      <Icon name="search" />
      <input
        className={classes.field}
        data-testid="search"
        type="search"
        enterKeyHint="search"
        autoComplete="off"
        spellCheck={false}
        placeholder={t('goods.search')}
        aria-label={t('goods.search')}
        value={search}
        onChange={(event) => till.search(event.currentTarget.value)}
      />
      {search !== '' && (
        <button
          type="button"
          className={`zg-press ${classes.clear}`}
          aria-label={t('goods.search.clear')}
          data-testid="search-clear"
          onClick={() => till.search('')}
        >
          <Icon name="cross" />
        </button>
      )}
    </form>
  );
};

const DepartmentKey = ({ id, name }: { id: string | null; name: string }) => {
  const till = useTill();
  const isChosen = useTillState((state) => state.departmentId === id && state.search === '');
  return (
    <button
      type="button"
      className={`zg-press ${classes.department}`}
      data-testid={`department-${id ?? 'all'}`}
      data-chosen={isChosen || undefined}
      aria-pressed={isChosen}
      onClick={(event) => {
        event.currentTarget.blur();
        till.chooseDepartment(id);
      }}
    >
      {name}
    </button>
  );
};

const Departments = () => {
  const t = useT();
  const pick = usePick();
  const departments = useTillState((state) => state.catalogue.departments);
  return (
    <nav className={classes.departments} aria-label={t('goods.departments')}>
      <DepartmentKey id={null} name={t('goods.all')} />
      {departments.map(({ id, name }) => (
        <DepartmentKey key={id} id={id} name={pick(name)} />
      ))}
    </nav>
  );
};

const Tile = ({ item, pieces }: { item: CatalogueItem; pieces: string | undefined }) => {
  const t = useT();
  const pick = usePick();
  const till = useTill();
  const currency = currencyOf(useTillState((state) => state.session));
  return (
    <button
      type="button"
      className={`zg-press ${classes.tile}`}
      data-testid={`tile-${item.barcode}`}
      data-in-basket={pieces !== undefined || undefined}
      onClick={(event) => {
        if (event.detail > 0) event.currentTarget.blur();
        void till.addItem(item);
      }}
    >
      <span className={classes.name}>{pick(item.name)}</span>
      <span className={classes.price}>
        <Amount value={moneyOfMinor(item.priceMinor, currency)} size="line" strong />
        <span className={classes.unit}>{t('goods.per', { unit: pick(item.unit.name) })}</span>
      </span>
      {pieces !== undefined && <span className={classes.pieces}>{pieces}</span>}
    </button>
  );
};

const Nothing = ({ title, hint }: { title: string; hint: string }) => (
  <div className={classes.nothing} data-testid="goods-none">
    <p className={classes.nothingTitle}>{title}</p>
    <p>{hint}</p>
  </div>
);

const Tiles = () => {
  const t = useT();
  const catalogue = useTillState((state) => state.catalogue);
  const search = useDeferredValue(useTillState((state) => state.search));
  const departmentId = useTillState((state) => state.departmentId);
  const basket = useTillState((state) => state.sale?.basket);
  const items = useMemo(
    () => (search === '' ? catalogue.inDepartment(departmentId, tilesMax) : catalogue.search(search, hitsMax)),
    [catalogue, search, departmentId],
  );
  const pieces = useMemo(() => piecesByItem(basket), [basket]);
  if (catalogue.size === 0) return <Nothing title={t('goods.empty')} hint={t('goods.empty.hint')} />;
  if (items.length === 0) return <Nothing title={t('goods.none', { text: search })} hint={t('goods.none.hint')} />;
  return (
    <div className={classes.tiles} data-testid="tiles">
      {items.map((item) => (
        <Tile key={item.id} item={item} pieces={pieces.get(item.id)} />
      ))}
    </div>
  );
};

/** Where goods are found without a scanner: search, departments, tiles. */
export const GoodsPanel = () => (
  <section className={classes.panel} data-testid="goods-panel">
    <Search />
    <div className={classes.body}>
      <Departments />
      <Tiles />
    </div>
  </section>
);
