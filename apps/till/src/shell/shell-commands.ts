import type { Counter } from '../counter.ts';

/** Windows and regions: what is looked at, not what is sold. */
export const shellCommands = ({ store, ports }: Counter) => ({
  swap: () => store.setState(({ showsBasket }) => ({ showsBasket: !showsBasket })),
  showUploads: () => store.setState({ panel: 'uploads', line: undefined }),
  openDisplay: () => ports.display.open(),
});
