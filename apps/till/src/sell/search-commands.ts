import { type PadKey, type PadLimits, pressKey } from '@zhanggui/ui/keys';
import type { Counter } from '../counter.ts';
import type { Panel } from '../till-state.ts';
import type { sellCommands } from './sell-commands.ts';

const padLimits = { wholeDigitsMax: 6, decimals: 3 };

/** Figures alone: part of a barcode, from a hand or from a gun that broke off. A number in a name is not meant. */
const isPartOfCode = (text: string): boolean => /^\d+$/.test(text);

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
    /** Enter in the search box: a barcode typed by hand, else the first hit; part of a barcode only when one article has it. */
    takeFirstHit: async (): Promise<void> => {
      const { search, catalogue } = store.getState();
      const text = search.trim();
      if (text === '') return;
      const [first, second] = catalogue.search(text, 2);
      if (!first) return sell.scan(text);
      const isSure = !isPartOfCode(text) || first.barcode === text || (text.length >= 4 && second === undefined);
      // The hits stay on the screen, to be touched.
      return isSure ? sell.addItem(first) : ports.sound('refuse');
    },
    /** To the number pad that shows, or into a search; never both. */
    typed: (text: string) => {
      const { panel, phase, search, way } = store.getState();
      if (phase !== 'selling') return;
      // A code never becomes a quantity or a price.
      if (/^\d{8,}$/.test(text)) return void sell.scan(text);
      // No number pad shows beside the customer's phone: half a code must not become the amount to take.
      if (panel === 'tender' && way === 'phone') return;
      if (panel === 'tender' || panel === 'line') {
        for (const digit of text.replace(/[^0-9.]/g, '')) pressPad(digit as PadKey, padLimits);
      } else if (!wholeScreens.has(panel) && /[^\s*]/.test(text)) {
        store.setState({ panel: 'goods', done: undefined, search: search + text });
        ports.focusSearch();
      }
    },
  };
};
