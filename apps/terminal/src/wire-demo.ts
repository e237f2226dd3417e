import { type DemoScene, demoCards, demoFaults, demoViews } from './demo-views.ts';
import type { FaceState, TerminalWire } from './ports.ts';

const isScene = (name: string): name is DemoScene => Object.hasOwn(demoViews, name);
const scenes = Object.keys(demoViews).filter(isScene);

/** A wire without a terminal: shows one scene, and confirm or cancel walk through all of them. */
export const openDemoWire = (scene: string): TerminalWire => {
  const listeners = new Set<() => void>();
  let place = Math.max(0, isScene(scene) ? scenes.indexOf(scene) : 0);
  let faults = demoFaults;
  const stateOf = (): FaceState => ({ line: 'open', view: demoViews[scenes[place] ?? 'idle'] });
  let state = stateOf();
  const walk = (steps: number): void => {
    place = (place + steps + scenes.length) % scenes.length;
    state = stateOf();
    for (const listener of listeners) listener();
  };
  return {
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    state: () => state,
    send: (command) => {
      if (command.kind !== 'key') return;
      if (command.key === 'confirm') walk(1);
      if (command.key === 'cancel') walk(-1);
    },
    cards: async () => demoCards,
    faults: async () => faults,
    wallets: async () => ['wechat', 'alipay', 'unionpay'],
    paymentCode: async () => '134567890123456789',
    setFault: async ({ id, active }) => {
      faults = faults.map((fault) => (fault.id === id ? { ...fault, active } : fault));
      return faults;
    },
  };
};
