import type { Catalogue, CatalogueItem, Department } from '@zhanggui/api/contract';

/** The goods of this till, found without the network and outside React. */
export type CatalogueIndex = Readonly<{
  version: string | undefined;
  departments: readonly Department[];
  size: number;
  byBarcode(code: string): CatalogueItem | undefined;
  byId(id: string): CatalogueItem | undefined;
  departmentName(id: string): Department['name'] | undefined;
  /** Goods of a department in catalogue order; null: of all. */
  inDepartment(departmentId: string | null, limit: number): readonly CatalogueItem[];
  /** Best first: barcode, then initials from the first letter, then a name that contains the text. */
  search(text: string, limit: number): readonly CatalogueItem[];
}>;

const fold = (text: string): string => text.trim().toLowerCase();

/** 0 is the best; undefined: not a hit. `text` is folded. */
const rank = (item: CatalogueItem, text: string): number | undefined => {
  if (item.barcode === text) return 0;
  if (item.initials.startsWith(text)) return 1;
  if (item.name.zh.includes(text)) return item.name.zh.startsWith(text) ? 2 : 4;
  if (item.name.en.toLowerCase().includes(text)) return item.name.en.toLowerCase().startsWith(text) ? 2 : 4;
  if (/^\d{4,}$/.test(text) && (item.barcode.startsWith(text) || item.barcode.endsWith(text))) return 3;
  return item.initials.includes(text) ? 5 : undefined;
};

export const indexCatalogue = (catalogue: Catalogue | undefined): CatalogueIndex => {
  const items = catalogue?.items ?? [];
  const departments = catalogue?.departments ?? [];
  const byBarcode = new Map(items.map((item) => [item.barcode, item]));
  const byId = new Map(items.map((item) => [item.id, item]));
  const names = new Map(departments.map(({ id, name }) => [id, name]));
  const byDepartment = Map.groupBy(items, ({ departmentId }) => departmentId);
  return {
    version: catalogue?.version,
    departments,
    size: items.length,
    byBarcode: (code) => byBarcode.get(code),
    byId: (id) => byId.get(id),
    departmentName: (id) => names.get(id),
    inDepartment: (id, limit) => (id === null ? items : (byDepartment.get(id) ?? [])).slice(0, limit),
    search: (text, limit) => searchItems(items, fold(text), limit),
  };
};

const searchItems = (items: readonly CatalogueItem[], text: string, limit: number): readonly CatalogueItem[] => {
  if (text === '') return items.slice(0, limit);
  return items
    .flatMap((item) => {
      const place = rank(item, text);
      return place === undefined ? [] : [{ item, place }];
    })
    .sort((left, right) => left.place - right.place)
    .slice(0, limit)
    .map(({ item }) => item);
};
