import { existsSync } from 'node:fs';
import { join } from 'node:path';
import staticFiles from '@fastify/static';
import type { FastifyInstance, FastifyPluginAsync } from 'fastify';
import { errorBody } from '../errors.ts';
import { type LogIn, landingPage, type WebFace } from '../landing.ts';
import { networkAddress } from '../network-address.ts';

/** Folders of the built web apps; a face that is not built is left out of the choice. */
export type WebRoots = Readonly<Partial<Record<WebFace, string>>>;

const yearSeconds = 31_536_000;

/** The faces under their paths, and a page at `/` to choose one. */
export const webRoutes: FastifyPluginAsync<{ webRoots: WebRoots; logIns: readonly LogIn[] }> = async (
  app,
  { webRoots, logIns },
) => {
  const isBuilt = (root: string | undefined): boolean => root !== undefined && existsSync(join(root, 'index.html'));
  const built = (Object.keys(webRoots) as WebFace[]).filter((face) => isBuilt(webRoots[face]));
  app.get('/', async (_request, reply) => {
    const bound = app.server.address();
    const networkUrl = typeof bound === 'object' && bound ? networkAddress(bound) : undefined;
    return reply.type('text/html; charset=utf-8').send(landingPage({ faces: built, logIns, networkUrl }));
  });
  for (const face of built)
    await app.register((inside) => serveFace(inside, { face, root: webRoots[face] ?? '' }), { prefix: `/${face}` });
};

const serveFace = async (app: FastifyInstance, { face, root }: { face: WebFace; root: string }): Promise<void> => {
  await app.register(staticFiles, {
    root,
    prefix: '/',
    cacheControl: false,
    setHeaders: (reply, path) => {
      // Built assets carry the hash of their content in their name; everything else is asked about each time.
      const isHashed = path.startsWith(join(root, 'assets'));
      void reply.header('cache-control', isHashed ? `public, max-age=${yearSeconds}, immutable` : 'no-cache');
    },
  });
  app.get('', async (_request, reply) => reply.redirect(`/${face}/`));
  // A deep link into the app is the app; a file that is not there is not.
  app.setNotFoundHandler((request, reply) =>
    request.method === 'GET' && !/\.\w+$/.test(request.url.split('?')[0] ?? '')
      ? reply.sendFile('index.html')
      : reply.status(404).send(errorBody('not-found')),
  );
};
