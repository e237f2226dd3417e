/** Which region is the wide one: the goods for a finger, the basket for a scanner gun. */
export type Layout = 'touch' | 'scan';

/** The layout that shows, and how to choose the other. */
export type LayoutChoice = Readonly<{ layout: Layout; onLayout: (layout: Layout) => void }>;

const key = 'zhanggui.till.layout';

export const keptLayout = (): Layout => (localStorage.getItem(key) === 'scan' ? 'scan' : 'touch');
export const keepLayout = (layout: Layout): void => localStorage.setItem(key, layout);
