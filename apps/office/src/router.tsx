import { createRootRoute, createRoute, createRouter, lazyRouteComponent, redirect } from '@tanstack/react-router';
import { differenceKind, qrPaymentState, wallet } from '@zhanggui/api/contract';
import { z } from 'zod';
import { OfficeShell } from './shell/office-shell.tsx';

const date = z.iso.date().optional().catch(undefined);
const text = z.string().optional().catch(undefined);
const daySearch = z.object({ date });
const rowSearch = z.object({ date, open: text });
const qrSearch = rowSearch.extend({
  wallet: wallet.optional().catch(undefined),
  state: qrPaymentState.optional().catch(undefined),
});
const billSearch = z.object({
  /** What the form is set to. */
  wallet: wallet.optional().catch(undefined),
  date,
  /** The bill whose differences are shown, `2026-11-22.wechat`, and how they are narrowed. */
  day: text,
  kind: differenceKind.optional().catch(undefined),
  only: z.literal('open').optional().catch(undefined),
  open: text,
});
const goodsSearch = z.object({ search: text, department: text });

const rootRoute = createRootRoute({ component: OfficeShell });
const indexRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/today', search: {} });
  },
});
const todayRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/today',
  validateSearch: daySearch,
  component: lazyRouteComponent(() => import('./today/today-screen.tsx'), 'TodayScreen'),
});
const salesRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/sales',
  validateSearch: rowSearch,
  component: lazyRouteComponent(() => import('./sales/sales-screen.tsx'), 'SalesScreen'),
});
const paymentsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/payments',
  validateSearch: rowSearch,
  component: lazyRouteComponent(() => import('./payments/payments-screen.tsx'), 'PaymentsScreen'),
});
const qrPaymentsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/qr-payments',
  validateSearch: qrSearch,
  component: lazyRouteComponent(() => import('./qr-payments/qr-payments-screen.tsx'), 'QrPaymentsScreen'),
});
const reconciliationRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/reconciliation',
  validateSearch: billSearch,
  component: lazyRouteComponent(() => import('./reconciliation/reconciliation-screen.tsx'), 'ReconciliationScreen'),
});
const goodsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/goods',
  validateSearch: goodsSearch,
  component: lazyRouteComponent(() => import('./goods/goods-screen.tsx'), 'GoodsScreen'),
});

/** Every view has an address: the day, the open row and the search stand in it. */
export const router = createRouter({
  routeTree: rootRoute.addChildren([
    indexRoute,
    todayRoute,
    salesRoute,
    paymentsRoute,
    qrPaymentsRoute,
    reconciliationRoute,
    goodsRoute,
  ]),
  basepath: '/office',
  defaultPreload: 'intent',
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
