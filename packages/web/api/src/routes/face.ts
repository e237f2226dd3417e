import type { WebSocket } from '@fastify/websocket';
import type { TerminalCommand } from '@zhanggui/terminal';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { type FaceCommand, type FaceMessage, faceCommand } from '../contract.ts';
import { errorBody, Refusal } from '../errors.ts';
import type { Sandbox, TerminalPort, Terminals } from '../ports.ts';

type Options = { terminals: Terminals; sandbox: Sandbox | undefined };

const commandBytesMax = 4096;

/** The terminal's face in a browser. Only the sandbox has one: elsewhere a terminal's face is the terminal. */
export const faceRoutes: FastifyPluginAsyncZod<Options> = async (app, { terminals, sandbox }) => {
  app.get(
    '/:terminalId/face',
    {
      websocket: true,
      schema: { params: z.object({ terminalId: z.string() }) },
      // A browser lets any site open a socket here; only our own pages may.
      preValidation: async ({ headers, params }) => {
        if (!sandbox) throw new Refusal('sandbox-off');
        if (headers.origin !== undefined && new URL(headers.origin).host !== headers.host)
          throw new Refusal('other-origin');
        if (!terminals.get((params as { terminalId: string }).terminalId)) throw new Refusal('not-found');
      },
    },
    (socket, request) => {
      const terminal = terminals.get(request.params.terminalId);
      if (!terminal || !sandbox) return socket.close();
      serveFace(socket, terminal, sandbox);
    },
  );
};

const serveFace = (socket: WebSocket, terminal: TerminalPort, sandbox: Sandbox): void => {
  const send = (message: FaceMessage) => socket.send(JSON.stringify(message));
  const unsubscribe = terminal.onView((view) => send({ view }));
  socket.on('close', unsubscribe);
  socket.on('error', unsubscribe);
  send({ view: terminal.view() });
  // Commands are carried out in the order they came, also when a card must first be fetched.
  let last = Promise.resolve();
  socket.on('message', (data: Buffer) => {
    last = last.then(async () => {
      const command = await commandOf(data, sandbox);
      if (typeof command === 'string') send(errorBody(command));
      else terminal.command(command);
    });
    last = last.catch(() => send(errorBody('internal')));
  });
};

const commandOf = async (
  data: Buffer,
  sandbox: Sandbox,
): Promise<TerminalCommand | 'invalid-request' | 'card-not-found'> => {
  const parsed = faceCommand.safeParse(data.length <= commandBytesMax ? jsonOf(data) : undefined);
  return parsed.success ? withCard(parsed.data, sandbox) : 'invalid-request';
};

const jsonOf = (data: Buffer): unknown => {
  try {
    return JSON.parse(data.toString());
  } catch {
    return undefined;
  }
};

/** The face names a card; the terminal gets the card itself. */
const withCard = async (command: FaceCommand, sandbox: Sandbox): Promise<TerminalCommand | 'card-not-found'> => {
  switch (command.kind) {
    case 'insert': {
      const card = await sandbox.chip(command.cardId);
      return card ? { kind: 'insert', card } : 'card-not-found';
    }
    case 'swipe': {
      const track2 = await sandbox.stripe(command.cardId);
      return track2 === undefined ? 'card-not-found' : { kind: 'swipe', track2 };
    }
    default:
      return command;
  }
};
