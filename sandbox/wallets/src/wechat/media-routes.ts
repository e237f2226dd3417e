import { createHash } from 'node:crypto';
import { z } from 'zod';
import { paramRefusal, readFields } from './fields.ts';
import { readMultipart } from './multipart.ts';
import type { Call, Reply, Room, Route } from './room.ts';

type Kind = Readonly<{ path: string; endings: RegExp; bytesMax: number; title: string }>;

const kinds: readonly Kind[] = [
  { path: '/v3/merchant/media/upload', endings: /\.(?:jpg|jpeg|bmp|png)$/i, bytesMax: 5_242_880, title: '图片' },
  {
    path: '/v3/merchant/media/video_upload',
    endings: /\.(?:avi|wmv|mpeg|mp4|mov|mkv|flv|f4v|m4v|rmvb)$/i,
    bytesMax: 5_242_880,
    title: '视频',
  },
];
const titles = { filename: '媒体文件名称', sha256: '媒体文件摘要' };
const sha256Hex = /^[0-9a-fA-F]{64}$/;
const metaShape = z.object({ filename: z.string().min(1).max(128), sha256: z.string().regex(sha256Hex) });

const refuse = (message: string): Reply => ({ kind: 'refused', refusal: paramRefusal(message) });

const jsonOf = (bytes: Uint8Array): unknown => {
  try {
    return JSON.parse(Buffer.from(bytes).toString()) as unknown;
  } catch {
    return undefined;
  }
};

const mediaKey = (mchid: string, mediaId: string): string => `wechat/media/${mchid}/${mediaId}`;

/** Whether this merchant has uploaded a file under this id. */
export const hasMedia = ({ engine }: Room, mchid: string, mediaId: string): boolean =>
  engine.shelf.get(mediaKey(mchid, mediaId)) !== undefined;

const upload = (room: Room, kind: Kind, { request, caller }: Call): Reply => {
  const parts = readMultipart(request.headers.get('content-type') ?? '', request.body) ?? [];
  const file = parts.find(({ name }) => name === 'file');
  const meta = parts.find(({ name }) => name === 'meta');
  if (!file || !meta) return refuse(`${file ? '媒体文件元信息' : kind.title}必填，未设值`);
  const read = readFields(metaShape, 'body', jsonOf(meta.data), titles);
  if (read.kind === 'refused') return read;
  if (!kind.endings.test(read.value.filename)) return refuse(`${kind.title}格式不支持`);
  if (file.data.length > kind.bytesMax) return refuse(`${kind.title}大小超过限制`);
  const digest = createHash('sha256').update(file.data).digest('hex');
  if (digest !== read.value.sha256.toLowerCase()) return refuse(`${kind.title}文件sha256校验失败`);
  const mediaId = Buffer.from(room.engine.random(48)).toString('base64url');
  const kept = { filename: read.value.filename, sha256: digest, bytes: file.data.length, at: room.engine.now() };
  room.engine.shelf.put(mediaKey(caller.mchid, mediaId), JSON.stringify(kept));
  return { kind: 'reply', status: 200, json: { media_id: mediaId } };
};

/** Files for onboarding: their digest is kept, not what is in them. */
export const mediaRoutes = (room: Room): readonly Route[] =>
  kinds.map((kind) => ({ method: 'POST', path: kind.path, run: (call) => upload(room, kind, call) }));
