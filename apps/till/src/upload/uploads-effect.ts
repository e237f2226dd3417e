import { useEffect, useState } from 'react';
import type { StoredSale } from '../records.ts';
import { useTill, useTillState } from '../till-context.ts';

/** Sales the server did not accept, read from the store whenever their number changes. */
export const useKeptSales = (): readonly StoredSale[] => {
  const { journal } = useTill();
  const keptCount = useTillState((state) => state.keptCount);
  const [kept, setKept] = useState<readonly StoredSale[]>([]);
  // The list lives in IndexedDB, which can only be read asynchronously.
  useEffect(() => {
    let current = true;
    void journal.keptSales().then((sales) => current && setKept(sales));
    return () => {
      current = false;
    };
  }, [journal, keptCount]);
  return kept;
};
