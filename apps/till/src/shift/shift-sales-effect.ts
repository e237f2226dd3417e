import { useEffect, useState } from 'react';
import type { StoredSale } from '../records.ts';
import { useTill } from '../till-context.ts';

/** The sales of a shift, read from the till's own store; undefined while they are being read. */
export const useShiftSales = (shiftId: string | undefined): readonly StoredSale[] | undefined => {
  const { journal } = useTill();
  const [sales, setSales] = useState<readonly StoredSale[] | undefined>();
  // The sales live in IndexedDB, which can only be read asynchronously.
  useEffect(() => {
    let current = true;
    if (shiftId !== undefined) void journal.salesOfShift(shiftId).then((found) => current && setSales(found));
    return () => {
      current = false;
    };
  }, [journal, shiftId]);
  return sales;
};
