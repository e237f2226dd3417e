import { Readable } from 'node:stream';
import { crc32, createInflateRaw, deflateRawSync } from 'node:zlib';

/** A file of an archive. A name that does not say it is UTF-8 is read as GBK, as archives made in China have it. */
export type ZipFile = Readonly<{
  name: string;
  /** Unpacked piece by piece; when all is read, its length and CRC-32 are proved. Throws `ZipError`. May be read again. */
  bytes(): AsyncIterable<Uint8Array>;
}>;

/** The archive cannot be read, or what it holds is not what it says. */
export class ZipError extends Error {
  constructor(why: string) {
    super(why);
    this.name = 'ZipError';
  }
}

const endMark = 0x06054b50;
const directoryMark = 0x02014b50;
const localMark = 0x04034b50;
const endBytes = 22;
const commentBytesMax = 65_535;
const utf8Flag = 0x0800;
const pieceBytes = 262_144;

const gbk = new TextDecoder('gb18030');

const endOf = (archive: Buffer): number => {
  const first = Math.max(0, archive.length - endBytes - commentBytesMax);
  for (let at = archive.length - endBytes; at >= first; at -= 1) if (archive.readUInt32LE(at) === endMark) return at;
  throw new ZipError('no end of directory');
};

type Packed = Readonly<{ method: number; bytes: Buffer; crc: number; sizeBytes: number }>;

function* piecesOf(bytes: Buffer): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes);
}

const unpacking = ({ method, bytes }: Packed): Readable => {
  const packed = Readable.from(piecesOf(bytes));
  if (method === 0) return packed;
  const inflate = createInflateRaw({ chunkSize: pieceBytes });
  packed.on('error', (error) => inflate.destroy(error));
  return packed.pipe(inflate);
};

async function* unpacked(file: Packed): AsyncGenerator<Uint8Array> {
  let crc = 0;
  let length = 0;
  try {
    for await (const chunk of unpacking(file)) {
      const piece = chunk as Uint8Array;
      crc = crc32(piece, crc);
      length += piece.length;
      if (length > file.sizeBytes) throw new ZipError('longer than it says');
      yield piece;
    }
  } catch (fault) {
    throw fault instanceof Error && 'code' in fault ? new ZipError('cannot be unpacked') : fault;
  }
  if (length !== file.sizeBytes || crc !== file.crc) throw new ZipError('checksum wrong');
}

const fileAt = (archive: Buffer, at: number): { file: ZipFile; next: number } => {
  if (archive.readUInt32LE(at) !== directoryMark) throw new ZipError('directory broken');
  const flags = archive.readUInt16LE(at + 8);
  const method = archive.readUInt16LE(at + 10);
  if (method !== 0 && method !== 8) throw new ZipError('unknown method');
  const packedBytes = archive.readUInt32LE(at + 20);
  const nameBytes = archive.readUInt16LE(at + 28);
  const next = at + 46 + nameBytes + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32);
  const local = archive.readUInt32LE(at + 42);
  if (archive.readUInt32LE(local) !== localMark) throw new ZipError('file broken');
  const from = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28);
  const packed: Packed = {
    method,
    bytes: archive.subarray(from, from + packedBytes),
    crc: archive.readUInt32LE(at + 16),
    sizeBytes: archive.readUInt32LE(at + 24),
  };
  const rawName = archive.subarray(at + 46, at + 46 + nameBytes);
  const name = flags & utf8Flag ? rawName.toString() : gbk.decode(rawName);
  return { file: { name, bytes: () => unpacked(packed) }, next };
};

/** The files of an archive; nothing is unpacked yet. Throws `ZipError`. */
export const openZip = (archiveBytes: Uint8Array): ZipFile[] => {
  const archive = Buffer.from(archiveBytes.buffer, archiveBytes.byteOffset, archiveBytes.length);
  try {
    const end = endOf(archive);
    const count = archive.readUInt16LE(end + 10);
    const files: ZipFile[] = [];
    let at = archive.readUInt32LE(end + 16);
    for (let index = 0; index < count; index += 1) {
      const { file, next } = fileAt(archive, at);
      files.push(file);
      at = next;
    }
    return files;
  } catch (fault) {
    throw fault instanceof ZipError ? fault : new ZipError('cut short');
  }
};

const header = (mark: number, lead: readonly number[], rest: Buffer): Buffer => {
  const head = Buffer.alloc(4 + 2 * lead.length);
  head.writeUInt32LE(mark, 0);
  for (const [index, value] of lead.entries()) head.writeUInt16LE(value, 4 + 2 * index);
  return Buffer.concat([head, rest]);
};

const words = (...values: readonly number[]): Buffer => {
  const bytes = Buffer.alloc(4 * values.length);
  for (const [index, value] of values.entries()) bytes.writeUInt32LE(value, 4 * index);
  return bytes;
};
const halves = (...values: readonly number[]): Buffer => {
  const bytes = Buffer.alloc(2 * values.length);
  for (const [index, value] of values.entries()) bytes.writeUInt16LE(value, 2 * index);
  return bytes;
};

/** An archive without dates: the same files give the same bytes. Names are written in UTF-8. */
export const writeZip = (files: readonly Readonly<{ name: string; bytes: Uint8Array }>[]): Uint8Array => {
  const bodies: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, bytes } of files) {
    const nameBytes = Buffer.from(name);
    const packed = deflateRawSync(bytes);
    const sizes = words(crc32(bytes), packed.length, bytes.length);
    const common = [20, utf8Flag, 8, 0, 0x21];
    const lengths = halves(nameBytes.length, 0);
    const body = Buffer.concat([header(localMark, common, sizes), lengths, nameBytes, packed]);
    const tail = Buffer.concat([lengths, halves(0, 0, 0), words(0, offset), nameBytes]);
    directory.push(header(directoryMark, [20, ...common], Buffer.concat([sizes, tail])));
    bodies.push(body);
    offset += body.length;
  }
  const list = Buffer.concat(directory);
  const end = header(endMark, [0, 0, files.length, files.length], words(list.length, offset));
  return Buffer.concat([...bodies, list, end, halves(0)]);
};
