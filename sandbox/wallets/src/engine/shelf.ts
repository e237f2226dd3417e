import { type Store, textOf } from './store.ts';
import type { Shelf } from './words.ts';

const schema = `create table if not exists shelf (name text primary key, value text not null) strict, without rowid`;

export const openShelf = (store: Store): Shelf => {
  store.run(schema);
  return {
    get(name) {
      const row = store.row('select value from shelf where name = :name', { name });
      return row && textOf(row, 'value');
    },
    put(name, value) {
      store.run(
        'insert into shelf (name, value) values (:name, :value) on conflict (name) do update set value = excluded.value',
        { name, value },
      );
    },
    remove(name) {
      store.run('delete from shelf where name = :name', { name });
    },
    list: (prefix) =>
      store
        .rows('select name, value from shelf where name >= :prefix and name < :after order by name', {
          prefix,
          after: `${prefix}\u{10ffff}`,
        })
        .map((row) => ({ name: textOf(row, 'name'), value: textOf(row, 'value') })),
    atomically: store.atomically,
  };
};
