import { type PadKey, type PadLimits, pressKey } from '@zhanggui/ui/keys';
import type { Counter } from '../counter.ts';
import type { Panel } from '../till-state.ts';
import type { sellCommands } from './sell-commands.ts';

const padLimits = { wholeDigitsMax: 6, decimals: 3 };

const wholeScreens: ReadonlySet<Panel> = new Set(['close-shift', 'z-report']);

/** Finding goods by hand, and where characters go that were typed with no field under them. */
export const searchCommands = (
  { store, ports }: Counter,
  sell: Pick<ReturnType<typeof sellCommands>, 'scan' | 'addItem'>,
) => {
  const pressPad = (key: PadKey, limits: PadLimits): void =>
    store.setState(({ pad, padOffered }) => ({
      pad: pressKey(padOffered ? '' : pad, key, limits),
      padOffered: false,
      notice: undefined,
    }));
  return {
    /** One key of the number pad that shows. */
    pressPad,
    search: (search: string) => store.setState({ search, notice: undefined }),
    chooseDepartment: (departmentId: string | null) => store.setState({ departmentId, search: '' }),
    startSearch: () => {
      store.setState({ panel: 'goods', line: undefined, notice: undefined, search: '', showsBasket: false });
      ports.focusSearch();
    },
    /** Enter in the search box: a barcode typed by hand, else the first hit. */
    takeFirstHit: (): Promise<void> => {
      const { search, catalogue } = store.getState();
      if (search === '') return Promise.resolve();
      const [first] = catalogue.search(search, 1);
      return first ? sell.addItem(first) : sell.scan(search);
    },
    /** To the number pad that shows, or into a search; never both. */
    typed: (text: string) => {
      const { panel, phase, search } = store.getState();
      if (phase !== 'selling') return;
      // A code never becomes a quantity or a price.
      if (/^\d{8,}$/.test(text)) return void sell.scan(text);
      if (panel === 'tender' || panel === 'line') {
        for (const digit of text.replace(/[^0-9.]/g, '')) pressPad(digit as PadKey, padLimits);
      } else if (!wholeScreens.has(panel) && /[^\s*]/.test(text)) {
        store.setState({ panel: 'goods', done: undefined, search: search + text });
        ports.focusSearch();
      }
    },
  };
};
