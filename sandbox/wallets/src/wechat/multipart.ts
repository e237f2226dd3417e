/** A part of multipart/form-data (RFC 7578). */
export type Part = Readonly<{ name: string; fileName?: string; contentType?: string; data: Uint8Array }>;

const boundaryOf = (contentType: string): string | undefined => {
  const match = /^multipart\/form-data\s*;.*?boundary=(?:"([^"]+)"|([^\s;]+))/i.exec(contentType);
  return match?.[1] ?? match?.[2];
};

const partOf = (bytes: Buffer): Part | undefined => {
  const end = bytes.indexOf('\r\n\r\n');
  if (end === -1) return undefined;
  const head = bytes.subarray(0, end).toString();
  const name = /;\s*name="([^"]*)"/i.exec(head)?.[1];
  if (name === undefined) return undefined;
  return {
    name,
    fileName: /;\s*filename="([^"]*)"/i.exec(head)?.[1],
    contentType: /^content-type:\s*(.+)$/im.exec(head)?.[1]?.trim(),
    data: new Uint8Array(bytes.subarray(end + 4)),
  };
};

/** The parts in their order; undefined when the body is not what its content type says. */
export const readMultipart = (contentType: string, body: Uint8Array): readonly Part[] | undefined => {
  const boundary = boundaryOf(contentType);
  if (boundary === undefined) return undefined;
  const bytes = Buffer.concat([Buffer.from('\r\n'), body]);
  const line = Buffer.from(`\r\n--${boundary}`);
  const parts: Part[] = [];
  for (let at = bytes.indexOf(line); ; ) {
    if (at === -1) return undefined;
    const start = at + line.length;
    if (bytes.subarray(start, start + 2).toString() === '--') return parts;
    const next = bytes.indexOf(line, start);
    const part = next === -1 ? undefined : partOf(bytes.subarray(start + 2, next));
    if (!part) return undefined;
    parts.push(part);
    at = next;
  }
};
