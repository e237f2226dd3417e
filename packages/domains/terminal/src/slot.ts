import type { CardReply } from './program.ts';
import type { CardSession } from './view.ts';

const gone: CardReply = { kind: 'card-gone' };

/** The chip slot. A card pulled out in the middle of a command answers nothing, whatever it was about to say. */
export const openSlot = () => {
  let card: CardSession | undefined;

  const talk = async (say: (session: CardSession) => Promise<Uint8Array>): Promise<CardReply> => {
    const session = card;
    if (!session) return gone;
    try {
      const bytes = await say(session);
      return card === session ? { kind: 'response', bytes } : gone;
    } catch {
      return { kind: 'response', bytes: new Uint8Array() };
    }
  };

  return {
    isOccupied: (): boolean => card !== undefined,
    insert: (session: CardSession): boolean => {
      if (card) return false;
      card = session;
      return true;
    },
    remove: (): boolean => {
      const was = card !== undefined;
      card = undefined;
      return was;
    },
    power: (): Promise<CardReply> => talk((session) => session.reset()),
    transmit: (command: Uint8Array): Promise<CardReply> => talk((session) => session.transmit(command)),
  };
};

export type Slot = ReturnType<typeof openSlot>;
