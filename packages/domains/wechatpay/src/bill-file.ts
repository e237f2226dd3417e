import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { bounded } from '@zhanggui/https-call';
import { type Bill, type BillRow, createBillReader } from './bill.ts';
import { WeChatPayError } from './wechatpay-error.ts';

type Chunks = AsyncIterable<Uint8Array>;
export type BillFile = Readonly<{
  /** Fetches the packed bill, and begins anew when a host fails half-way. */
  download(take: (chunks: Chunks) => Promise<void>): Promise<void>;
  /** SHA-1 of the bill before it was packed, in hexadecimal. */
  sha1: string;
}>;

const packedBytesMax = 1_073_741_824;
const bytesMax = 17_179_869_184;
/** A packed bill can hold a line a thousand times its own length. */
const lineCharactersMax = 65_536;
/** Of a bill that is wanted whole. */
const rowsMax = 200_000;

const unpacked = (path: string): Chunks => {
  const source = createReadStream(path);
  const gunzip = createGunzip();
  source.on('error', (fault) => gunzip.destroy(fault));
  return bounded(source.pipe(gunzip), bytesMax);
};

const checkHash = async (path: string, sha1: string): Promise<void> => {
  const hash = createHash('sha1');
  try {
    for await (const chunk of unpacked(path)) hash.update(chunk);
  } catch {
    throw new WeChatPayError('bill-malformed', 'gzip');
  }
  if (hash.digest('hex') !== sha1.toLowerCase()) throw new WeChatPayError('bill-hash-wrong', 'hash_value');
};

async function* linesOf(chunks: Chunks): AsyncGenerator<string[]> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of chunks) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > lineCharactersMax) throw new WeChatPayError('bill-malformed', 'line');
    yield lines;
  }
  yield [rest + decoder.decode()];
}

/**
 * The rows one after the other. The bill lies in a temporary file, packed, so that its hash is proved before the first row
 * is given and memory does not grow with it; the file goes when the rows end or are no longer wanted.
 */
export async function* billRows(file: BillFile): AsyncGenerator<BillRow, BillRow> {
  const folder = await mkdtemp(join(tmpdir(), 'zhanggui-bill-'));
  const path = join(folder, 'bill.gz');
  try {
    await file.download((chunks) =>
      pipeline(Readable.from(bounded(chunks, packedBytesMax), { objectMode: false }), createWriteStream(path)),
    );
    await checkHash(path, file.sha1);
    const reader = createBillReader();
    for await (const lines of linesOf(unpacked(path)))
      for (const line of lines) {
        const row = reader.read(line);
        if (row) yield row;
      }
    return reader.end();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** All of a bill in memory. Throws 'bill-malformed' when it has more rows than that is good for. */
export const wholeBill = async (file: BillFile): Promise<Bill> => {
  const rows: BillRow[] = [];
  const source = billRows(file);
  let next = await source.next();
  while (!next.done) {
    rows.push(next.value);
    if (rows.length > rowsMax) {
      await source.return({});
      throw new WeChatPayError('bill-malformed', 'rows');
    }
    next = await source.next();
  }
  return { rows, summary: next.value };
};
