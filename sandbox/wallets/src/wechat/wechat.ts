import type { Face } from '../face.ts';
import { billRoutes } from './bills.ts';
import { codepayRoutes } from './codepay.ts';
import { combineRoutes } from './combine-routes.ts';
import { openV3Face } from './face.ts';
import { openGate, type WeChatGate } from './gate.ts';
import { mediaRoutes } from './media-routes.ts';
import { startNotifying } from './notify.ts';
import { onboardingPage } from './onboarding-page.ts';
import { onboardingRoutes } from './onboarding-routes.ts';
import { orderRoutes } from './orders.ts';
import { profitSharingRoutes } from './profit-sharing-routes.ts';
import { refundRoutes } from './refunds.ts';
import type { Room, Route } from './room.ts';
import { openV2Face } from './v2-face.ts';

const certificateRoutes = (gate: WeChatGate): readonly Route[] => [
  { method: 'GET', path: '/v3/certificates', run: (call) => gate.certificates(call.caller, call.query) },
];

const shopTitle = '掌柜沙箱商店';
const feeBasisPoints = 60;

const addMerchants = ({ engine }: Omit<Room, 'gate'>, gate: WeChatGate): void => {
  const { direct, partner, nationalSecret } = gate.merchants;
  for (const { mchid, subMerchants } of [direct, partner, nationalSecret])
    for (const merchantNo of [mchid, ...subMerchants.map((sub) => sub.mchid)])
      if (!engine.merchant({ wallet: 'wechat', merchantNo }))
        engine.addMerchant({ wallet: 'wechat', merchantNo, title: shopTitle, feeBasisPoints });
};

/** WeChat Pay of the sandbox: API v3, v2, and what its merchants and TLS need. */
export const openWeChat = (settings: Omit<Room, 'gate'>): Readonly<{ faces: readonly Face[]; gate: WeChatGate }> => {
  const gate = openGate(settings);
  const room: Room = { ...settings, gate };
  addMerchants(settings, gate);
  startNotifying(room);
  const routes = [
    ...certificateRoutes(gate),
    ...orderRoutes(room),
    ...codepayRoutes(room),
    ...refundRoutes(room),
    ...billRoutes(room),
    ...combineRoutes(room),
    ...profitSharingRoutes(room),
    ...onboardingRoutes(room),
    ...mediaRoutes(room),
  ];
  return { faces: [openV3Face(room, routes), openV2Face(room), onboardingPage(room)], gate };
};
