import { type Face, mayDo, type Right, type Session, type Shop, sessionMs } from '@zhanggui/shop';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Refusal } from './errors.ts';

type SessionOf<F extends Face> = Extract<Session, { face: F }>;

/** The till's cookie also reaches its terminal; the office's reaches the office alone. */
const cookies = {
  till: { name: 'zhanggui_till', path: '/api' },
  office: { name: 'zhanggui_office', path: '/api/office' },
} as const satisfies Record<Face, { name: string; path: string }>;

/** Opaque cookies no script can read and no other site can send; what they mean is known to the shop alone. */
export const createSessions = (shop: Shop) => ({
  keep: (reply: FastifyReply, face: Face, token: string) =>
    reply.setCookie(cookies[face].name, token, {
      path: cookies[face].path,
      maxAge: sessionMs[face] / 1000,
      httpOnly: true,
      sameSite: 'strict',
      secure: 'auto',
    }),
  end: async (request: FastifyRequest, reply: FastifyReply, face: Face) => {
    const token = request.cookies[cookies[face].name];
    if (token) await shop.people.signOut(token);
    reply.clearCookie(cookies[face].name, { path: cookies[face].path });
  },
  /** Who is signed in, or a refusal; `right` is what the route lets them do. */
  need: async <F extends Face>(request: FastifyRequest, face: F, right: Right): Promise<SessionOf<F>> => {
    const token = request.cookies[cookies[face].name];
    const session = token ? await shop.people.session(face, token) : undefined;
    if (!session) throw new Refusal('sign-in-needed');
    if (!mayDo(session.staff.role, right)) throw new Refusal('not-allowed');
    return session as SessionOf<F>;
  },
});

export type Sessions = ReturnType<typeof createSessions>;
