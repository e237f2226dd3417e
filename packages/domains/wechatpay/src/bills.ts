import { signerOf, subMerchantIds } from './account.ts';
import { type Bill, type BillRow, billAddressShape, type FundFlowBillRequest, type TradeBillRequest } from './bill.ts';
import { type BillFile, billRows, wholeBill } from './bill-file.ts';
import type { Place } from './rates.ts';
import { queryText, type Room } from './room.ts';
import { shaped } from './transaction.ts';
import { WeChatPayError } from './wechatpay-error.ts';

const tradeBillPath = (room: Room, { date, type = 'ALL' }: TradeBillRequest): string =>
  `/v3/bill/tradebill${queryText({ bill_date: date, bill_type: type, ...subMerchantIds(room.account), tar_type: 'GZIP' })}`;

const fundFlowBillPath = ({ date, account = 'BASIC' }: FundFlowBillRequest): string =>
  `/v3/bill/fundflowbill${queryText({ bill_date: date, account_type: account, tar_type: 'GZIP' })}`;

/** Asks where the bill is; fetches it from the host we trust, whatever host the address names: our signature goes along. */
export const billFile = async (room: Room, path: string, place: Place): Promise<BillFile> => {
  const answer = await room.call({ method: 'GET', path, repeatable: true, place });
  const address = shaped(billAddressShape, answer, place);
  const { pathname, search } = new URL(address.download_url);
  const call = { method: 'GET', path: pathname + search, repeatable: true, place: 'bill-file' } as const;
  return { sha1: address.hash_value, download: (take) => room.download({ ...call, take }) };
};

async function* tradeBillRows(room: Room, request: TradeBillRequest): AsyncGenerator<BillRow> {
  const signer = signerOf(room.account);
  for await (const row of billRows(await billFile(room, tradeBillPath(room, request), 'tradebill'))) {
    if ((row.商户号 ?? signer) !== signer) throw new WeChatPayError('other-merchant', '商户号');
    yield row;
  }
}

async function* fundFlowBillRows(room: Room, request: FundFlowBillRequest): AsyncGenerator<BillRow> {
  yield* billRows(await billFile(room, fundFlowBillPath(request), 'fundflowbill'));
}

export const bills = (room: Room) => ({
  tradeBill: async (request: TradeBillRequest): Promise<Bill> =>
    wholeBill(await billFile(room, tradeBillPath(room, request), 'tradebill')),
  fundFlowBill: async (request: FundFlowBillRequest): Promise<Bill> =>
    wholeBill(await billFile(room, fundFlowBillPath(request), 'fundflowbill')),
  tradeBillRows: (request: TradeBillRequest): AsyncIterable<BillRow> => tradeBillRows(room, request),
  fundFlowBillRows: (request: FundFlowBillRequest): AsyncIterable<BillRow> => fundFlowBillRows(room, request),
});
