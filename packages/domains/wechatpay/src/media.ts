import { createHash, randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { Room } from './room.ts';
import { shaped } from './transaction.ts';
import { WeChatPayError } from './wechatpay-error.ts';

/** A picture (jpg, bmp, png; 2 MB at most) or a video (mp4, avi, wmv, mpeg, mov, mkv, flv, rm; 5 MB). */
export type MediaFile = Readonly<{ name: string; bytes: Uint8Array }>;

const kinds = [
  { path: '/v3/merchant/media/upload', pattern: /\.(?:jpe?g|bmp|png)$/i, bytesMax: 2_097_152 },
  {
    path: '/v3/merchant/media/video_upload',
    pattern: /\.(?:mp4|m4v|avi|wmv|mpe?g|mov|mkv|flv|f4v|rm|rmvb)$/i,
    bytesMax: 5_242_880,
  },
] as const;

/** The description is signed, the file is not: its digest stands in the description. */
export const multipartOf = (meta: string, file: MediaFile): Readonly<{ contentType: string; content: Uint8Array }> => {
  const boundary = `zhanggui-${randomBytes(12).toString('hex')}`;
  const head = [
    `--${boundary}`,
    'Content-Disposition: form-data; name="meta"',
    'Content-Type: application/json',
    '',
    meta,
    `--${boundary}`,
    `Content-Disposition: form-data; name="file"; filename="${file.name}"`,
    'Content-Type: application/octet-stream',
    '',
    '',
  ].join('\r\n');
  const content = Buffer.concat([Buffer.from(head), file.bytes, Buffer.from(`\r\n--${boundary}--\r\n`)]);
  return { contentType: `multipart/form-data; boundary=${boundary}`, content };
};

/** WeChat's id of the file, to be named in an application. */
export const uploadMedia = async (room: Room, file: MediaFile): Promise<string> => {
  const kind = kinds.find(({ pattern }) => pattern.test(file.name));
  if (!kind || /["\r\n]/.test(file.name)) throw new WeChatPayError('request-malformed', 'name');
  if (file.bytes.length === 0 || file.bytes.length > kind.bytesMax)
    throw new WeChatPayError('request-malformed', 'bytes');
  const body = { filename: file.name, sha256: createHash('sha256').update(file.bytes).digest('hex') };
  const answer = await room.call({ method: 'POST', path: kind.path, body, file, repeatable: true, place: 'media' });
  return shaped(z.object({ media_id: z.string().min(1) }), answer, 'media').media_id;
};
