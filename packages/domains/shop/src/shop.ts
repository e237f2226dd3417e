import type { ShopContext } from './context.ts';
import { createGoods } from './goods.ts';
import { createPayments } from './payments.ts';
import { createPeople } from './people.ts';
import { createPlace } from './place.ts';
import { createReports } from './reports.ts';
import { createSales } from './sales.ts';
import { type ShopSetup, setUp } from './setup.ts';
import { createShifts } from './shifts.ts';

/** Where the shop's tables are described, for `migrate` of @zhanggui/store. */
export const shopMigrations = { schema: 'shop', directory: new URL('../migrations/', import.meta.url) } as const;

export type Shop = ReturnType<typeof openShop>;

/** One merchant's shop: a room per job, all on the same facts. */
export const openShop = (context: ShopContext) => ({
  /** Founds the shop; one that is there already stays as it is. Says whether it was founded now. */
  setUp: (setup: ShopSetup) => setUp(context, setup),
  place: createPlace(context),
  people: createPeople(context),
  goods: createGoods(context),
  shifts: createShifts(context),
  sales: createSales(context),
  payments: createPayments(context),
  reports: createReports(context),
});
