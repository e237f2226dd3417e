export type { Hop } from './journey.ts';
export type { Route } from './routes.ts';
export type { SwitchMember, SwitchOptions, SwitchSettings, SwitchTimers } from './settings.ts';
export { type Switch, startSwitch } from './switch.ts';

/** The tables of this room, for `migrate`. */
export const migrations = { schema: 'switch', directory: new URL('../migrations/', import.meta.url) };
