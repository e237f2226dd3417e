import { type ConnectOptions, connect, type Link } from './connect.ts';

export type ConnectManyOptions = Omit<ConnectOptions, 'onState'> & {
  /** Connections to keep at once. */
  readonly connections: number;
  onState?(connected: number): void;
};

/** Several connections to one institution, each made again by itself. Answers may come on another one than their requests left by. */
export type LinkGroup = Pick<Link, 'send' | 'close'> & { readonly connected: number };

/** Frames go out in turns over those connections that take them. */
export const connectMany = ({ connections, onState, ...options }: ConnectManyOptions): LinkGroup => {
  const links: Link[] = [];
  const connected = (): number => links.filter((link) => link.state === 'connected').length;
  for (let count = 0; count < connections; count += 1) {
    links.push(connect({ ...options, onState: () => onState?.(connected()) }));
  }
  let next = 0;
  return {
    get connected() {
      return connected();
    },
    send(frame) {
      for (let tries = 0; tries < links.length; tries += 1) {
        const link = links[next];
        next = (next + 1) % links.length;
        if (link?.send(frame)) return true;
      }
      return false;
    },
    async close() {
      await Promise.all(links.map((link) => link.close()));
    },
  };
};
