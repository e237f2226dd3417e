type IdleWatch = {
  readonly afterMs: number;
  readonly answerMs: number;
  /** Sends something that the peer answers. */
  ask(): void;
  giveUp(): void;
};

/** Watches over a quiet peer: it is asked after a while, and given up when it does not answer. */
export const watchIdle = ({ afterMs, answerMs, ask, giveUp }: IdleWatch): { heard(): void; stop(): void } => {
  let timer: NodeJS.Timeout;
  const wait = (): void => {
    timer = setTimeout(() => {
      timer = setTimeout(giveUp, answerMs);
      ask();
    }, afterMs);
  };
  wait();
  return {
    heard() {
      clearTimeout(timer);
      wait();
    },
    stop: () => clearTimeout(timer),
  };
};
