/** Who wants to be told. A listener removes itself with what `add` returned. */
export const createListeners = <Value>() => {
  const listeners = new Set<(value: Value) => void>();
  return {
    add: (listener: (value: Value) => void): (() => void) => {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    tell: (value: Value): void => {
      for (const listener of listeners) listener(value);
    },
  };
};

export type Listeners<Value> = ReturnType<typeof createListeners<Value>>;
