import { z } from 'zod';
import type { FieldTitles } from './fields.ts';
import { currency, fen, filled, instant, notifyUrl, outTradeNo, text } from './read.ts';
import type { TradeType } from './transaction.ts';

export const combineTitles: FieldTitles = {
  combine_appid: '合单商户appid',
  combine_mchid: '合单商户号',
  combine_out_trade_no: '合单商户订单号',
  sub_orders: '商品单信息',
  mchid: '商品单发起商户号',
  sub_mchid: '特约商户商户号',
  out_trade_no: '商品单商户订单号',
  total_amount: '标价金额',
  description: '商品描述',
  attach: '附加数据',
  openid: '用户标识',
  notify_url: '通知地址',
  time_expire: '交易结束时间',
};

const partShape = z.looseObject({
  mchid: filled(32),
  sub_mchid: filled(32).optional(),
  attach: text(128).optional(),
  amount: z.object({ total_amount: fen, currency: currency.optional() }),
  out_trade_no: outTradeNo,
  description: filled(127),
  settle_info: z.object({ profit_sharing: z.boolean().optional() }).optional(),
});
export type CombinePart = z.output<typeof partShape>;

const fields = {
  combine_appid: filled(32),
  combine_mchid: filled(32),
  combine_out_trade_no: outTradeNo,
  scene_info: z.looseObject({ device_id: text(32).optional(), payer_client_ip: filled(45) }).optional(),
  sub_orders: z.array(partShape).min(1).max(50),
  combine_payer_info: z.looseObject({ openid: filled(128) }).optional(),
  time_expire: instant.optional(),
  notify_url: notifyUrl,
};
const anyShape = z.looseObject(fields);
export type CombineWish = z.output<typeof anyShape>;

export const combineKinds: readonly Readonly<{ path: string; tradeType: TradeType; shape: z.ZodType<CombineWish> }>[] =
  [
    { path: 'native', tradeType: 'NATIVE', shape: anyShape },
    {
      path: 'jsapi',
      tradeType: 'JSAPI',
      shape: z.looseObject({ ...fields, combine_payer_info: z.looseObject({ openid: filled(128) }) }),
    },
    { path: 'app', tradeType: 'APP', shape: anyShape },
    {
      path: 'h5',
      tradeType: 'MWEB',
      shape: z.looseObject({
        ...fields,
        scene_info: z.looseObject({
          device_id: text(32).optional(),
          payer_client_ip: filled(45),
          h5_info: z.looseObject({ type: filled(32) }),
        }),
      }),
    },
  ];

export const combineCloseShape = z.object({
  combine_appid: filled(32),
  sub_orders: z
    .array(z.object({ mchid: filled(32), sub_mchid: filled(32).optional(), out_trade_no: outTradeNo }))
    .min(1)
    .max(50),
});

/** What this face keeps with the whole of a combined payment. */
export type CombineMemo = Readonly<{
  combine: true;
  mchid: string;
  appid: string;
  tradeType: TradeType;
  notifyUrl: string;
  openid?: string;
  deviceId?: string;
  prepayId: string;
  parts: readonly Readonly<{ orderId: string; mchid: string; subMchid?: string; outTradeNo: string }>[];
}>;
