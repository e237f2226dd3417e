import { crc32, deflateRawSync, inflateRawSync } from 'node:zlib';

/** A name that does not say it is UTF-8 is read as GBK, as archives made in China have it. */
export type ZipEntry = Readonly<{ name: string; bytes: Uint8Array }>;

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

const gbk = new TextDecoder('gb18030');

const endOf = (archive: Buffer): number => {
  const first = Math.max(0, archive.length - endBytes - commentBytesMax);
  for (let at = archive.length - endBytes; at >= first; at -= 1) if (archive.readUInt32LE(at) === endMark) return at;
  throw new ZipError('no end of directory');
};

const unpacked = (method: number, packed: Buffer, bytesMax: number): Buffer => {
  if (method === 0) return packed;
  if (method !== 8) throw new ZipError('unknown method');
  return inflateRawSync(packed, { maxOutputLength: bytesMax });
};

const entryAt = (archive: Buffer, at: number, bytesMax: number): { entry: ZipEntry; next: number } => {
  if (archive.readUInt32LE(at) !== directoryMark) throw new ZipError('directory broken');
  const flags = archive.readUInt16LE(at + 8);
  const crc = archive.readUInt32LE(at + 16);
  const packedBytes = archive.readUInt32LE(at + 20);
  const sizeBytes = archive.readUInt32LE(at + 24);
  const nameBytes = archive.readUInt16LE(at + 28);
  const next = at + 46 + nameBytes + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32);
  const local = archive.readUInt32LE(at + 42);
  if (archive.readUInt32LE(local) !== localMark) throw new ZipError('entry broken');
  const from = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28);
  const bytes = unpacked(archive.readUInt16LE(at + 10), archive.subarray(from, from + packedBytes), bytesMax);
  if (bytes.length !== sizeBytes || crc32(bytes) !== crc) throw new ZipError('checksum wrong');
  const rawName = archive.subarray(at + 46, at + 46 + nameBytes);
  return { entry: { name: flags & utf8Flag ? rawName.toString() : gbk.decode(rawName), bytes }, next };
};

/** Every file of an archive, its CRC-32 proved; throws `ZipError`. More than `bytesMax` unpacked is refused. */
export const readZip = (archiveBytes: Uint8Array, bytesMax: number): ZipEntry[] => {
  const archive = Buffer.from(archiveBytes.buffer, archiveBytes.byteOffset, archiveBytes.length);
  try {
    const end = endOf(archive);
    const count = archive.readUInt16LE(end + 10);
    const entries: ZipEntry[] = [];
    let at = archive.readUInt32LE(end + 16);
    let left = bytesMax;
    for (let index = 0; index < count; index += 1) {
      const { entry, next } = entryAt(archive, at, left);
      left -= entry.bytes.length;
      if (left < 0) throw new ZipError('too long');
      entries.push(entry);
      at = next;
    }
    return entries;
  } catch (fault) {
    throw fault instanceof ZipError ? fault : new ZipError('cut short or too long');
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
export const writeZip = (entries: readonly ZipEntry[]): Uint8Array => {
  const bodies: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, bytes } of entries) {
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
  const end = header(endMark, [0, 0, entries.length, entries.length], words(list.length, offset));
  return Buffer.concat([...bodies, list, end, halves(0)]);
};
