/**
 * Writes concurrent requests in groups: while a lane's transaction is under way the next items gather, and the next free lane
 * takes them together, so that one commit (one fsync) serves many. Alone, an item goes at once.
 */
export interface GroupCommit<Item, Outcome> {
  /** Resolves with the item's outcome after its group has committed. */
  (item: Item): Promise<Outcome>;
  /** Items waiting or under way. */
  readonly pending: () => number;
  /** Resolves when everything submitted so far has an outcome. */
  drain(): Promise<void>;
}

type Waiting<Item, Outcome> = { item: Item; resolve: (outcome: Outcome) => void; reject: (error: unknown) => void };

type Options<Item, Outcome> = {
  /** Most items of one group (default 256). */
  maxItems?: number;
  /** Groups under way at the same time (default 1: two of half the size cost more processor time for the same items). */
  lanes?: number;
  /** Writes a group in one transaction; outcomes in the items' order. Must be idempotent by the items' own keys. */
  run: (items: readonly Item[]) => Promise<readonly Outcome[]>;
};

const settle = async <Item, Outcome>(
  run: Options<Item, Outcome>['run'],
  group: readonly Waiting<Item, Outcome>[],
): Promise<void> => {
  try {
    const outcomes = await run(group.map(({ item }) => item));
    if (outcomes.length !== group.length) throw new Error('a group has as many outcomes as items');
    group.forEach(({ resolve }, index) => {
      resolve(outcomes[index] as Outcome);
    });
  } catch (error) {
    // One poisoned item must not fail its neighbours: each is tried alone, and only the culprit rejects.
    if (group.length === 1) group[0]?.reject(error);
    else for (const single of group) await settle(run, [single]);
  }
};

export const groupCommit = <Item, Outcome>(options: Options<Item, Outcome>): GroupCommit<Item, Outcome> => {
  const { maxItems = 256, lanes = 1, run } = options;
  const waiting: Waiting<Item, Outcome>[] = [];
  const idle: (() => void)[] = [];
  let busyLanes = 0;
  let underWay = 0;
  let scheduled = false;

  const runLane = async (): Promise<void> => {
    busyLanes += 1;
    while (waiting.length > 0) {
      const group = waiting.splice(0, maxItems);
      underWay += group.length;
      await settle(run, group);
      underWay -= group.length;
    }
    busyLanes -= 1;
    if (busyLanes === 0) for (const wake of idle.splice(0)) wake();
  };
  const start = (): void => {
    scheduled = false;
    const groups = Math.min(lanes - busyLanes, Math.ceil(waiting.length / maxItems));
    for (let lane = 0; lane < groups; lane += 1) void runLane();
  };
  const submit = (item: Item): Promise<Outcome> =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      if (scheduled || busyLanes >= lanes) return;
      scheduled = true;
      // What arrives in the same turn of the event loop shares the group.
      setImmediate(start);
    });
  return Object.assign(submit, {
    pending: () => waiting.length + underWay,
    drain: () => (waiting.length + underWay === 0 ? Promise.resolve() : new Promise<void>((wake) => idle.push(wake))),
  });
};

/** A group's values of one column: set-based SQL takes an array for each. */
export const column = <Item, Value>(items: readonly Item[], value: (item: Item) => Value): Value[] => items.map(value);
