import { setTimeout as delay } from 'node:timers/promises';
import { type Acquirer, startAcquirer } from '@zhanggui/acquirer';
import { BIN_TABLE, type SandboxBank } from '@zhanggui/bank';
import type { Hsm } from '@zhanggui/hsm';
import { type RunningIssuer, startIssuer } from '@zhanggui/issuer';
import { FRAMINGS } from '@zhanggui/link';
import type { Store } from '@zhanggui/store';
import { type Switch, startSwitch } from '@zhanggui/switch';
import type { Log, Metrics } from '@zhanggui/telemetry';
import type { Clock } from '@zhanggui/time';
import { startWire, type Wire } from '@zhanggui/wire';
import { type MasterKeys, openInstitutionHsm, shareKey } from './keys.ts';
import { bringKeys } from './sandbox-bank.ts';
import type { Settings } from './settings.ts';

/** Test members of the sandbox network; their codes are nobody's. */
export const institutions = { centre: '00010000', acquirer: '92250000', issuer: '92010000' } as const;

/** What every role is given. */
export type Ground = Readonly<{
  store: Store;
  masterKeys: MasterKeys;
  clock: Clock;
  metrics: Metrics;
  logOf: (role: string) => Log;
  settings: Settings;
}>;

/** The hosts this process plays, signed on to each other. */
export interface Hosts {
  readonly issuer: RunningIssuer | undefined;
  readonly switch: Switch | undefined;
  readonly acquirer: Acquirer | undefined;
  /** The issuer's line to the switch, which can be broken on purpose. */
  readonly issuerWire: Wire;
  close(): Promise<void>;
}

type Modules = Readonly<{ acquirer: Hsm; centre: Hsm; issuer: Hsm }>;

const memberKey = { acquirer: 'member.acquirer.zmk', issuer: 'member.issuer.zmk' } as const;

const openModules = async ({ masterKeys, store }: Ground): Promise<Modules> => {
  const modules = {
    acquirer: await openInstitutionHsm(masterKeys, store, 'acquirer'),
    centre: await openInstitutionHsm(masterKeys, store, 'switch'),
    issuer: await openInstitutionHsm(masterKeys, store, 'issuer'),
  };
  for (const name of ['acquirer', 'issuer'] as const) {
    const ref = memberKey[name];
    await shareKey('zmk', { hsm: modules[name], ref }, { hsm: modules.centre, ref });
  }
  return modules;
};

const openSwitch = (ground: Ground, hsm: Hsm): Promise<Switch> =>
  startSwitch({
    ...ground,
    hsm,
    log: ground.logOf('switch'),
    settings: {
      host: ground.settings.ZHANGGUI_SWITCH_HOST,
      port: ground.settings.ZHANGGUI_SWITCH_PORT,
      centre: institutions.centre,
      members: [
        { institution: institutions.acquirer, zmk: memberKey.acquirer, roles: ['acquirer'] },
        { institution: institutions.issuer, zmk: memberKey.issuer, roles: ['issuer'] },
      ],
      routes: BIN_TABLE.map(({ bin, panLength }) => ({ bin, panDigits: panLength, issuer: institutions.issuer })),
      cutOver: ground.settings.ZHANGGUI_CUT_OVER,
      timers: {
        issuerMs: ground.settings.ZHANGGUI_SWITCH_TIMEOUT_MS,
        adviceRepeatMs: ground.settings.ZHANGGUI_RETRY_MS,
      },
    },
  });

type Address = Readonly<{ host: string; port: number }>;

const openIssuer = (ground: Ground, hsm: Hsm, address: Address): Promise<RunningIssuer> =>
  startIssuer({
    ...ground,
    hsm,
    log: ground.logOf('issuer'),
    settings: {
      institution: institutions.issuer,
      bins: BIN_TABLE.map(({ bin }) => bin),
      zmk: memberKey.issuer,
      switch: address,
    },
  });

const openAcquirer = (ground: Ground, hsm: Hsm, port: number): Promise<Acquirer> =>
  startAcquirer({
    ...ground,
    hsm,
    log: ground.logOf('acquirer'),
    settings: {
      host: ground.settings.ZHANGGUI_ACQUIRER_HOST,
      port: ground.settings.ZHANGGUI_ACQUIRER_PORT,
      institution: institutions.acquirer,
      zmk: memberKey.acquirer,
      switch: { host: ground.settings.ZHANGGUI_SWITCH_HOST, port },
      timers: {
        switchMs: ground.settings.ZHANGGUI_ACQUIRER_TIMEOUT_MS,
        adviceRepeatMs: ground.settings.ZHANGGUI_RETRY_MS,
      },
    },
  });

/**
 * Opens the hosts the settings name, each with its own keys, and waits until the members among them are signed on; no longer than a
 * payment would wait. A switch that is away does not keep a house closed: its members go on calling it, and refuse payments meanwhile.
 */
export const openHosts = async (ground: Ground, bank: SandboxBank): Promise<Hosts> => {
  const { ZHANGGUI_ROLES: roles, ZHANGGUI_SWITCH_HOST: host, ZHANGGUI_SWITCH_PORT: port } = ground.settings;
  const modules = await openModules(ground);
  await bringKeys(bank, modules.issuer);
  const centre = roles.includes('switch') ? await openSwitch(ground, modules.centre) : undefined;
  const target = { host, port: centre?.port ?? port };
  const issuerWire = await startWire({ name: 'issuer', target, framing: FRAMINGS.ascii4 });
  // The line that can be broken is the sandbox's; elsewhere nothing stands between issuer and switch.
  const issuerLine = ground.settings.ZHANGGUI_SANDBOX ? { host: '127.0.0.1', port: issuerWire.port } : target;
  const issuer = roles.includes('issuer') ? await openIssuer(ground, modules.issuer, issuerLine) : undefined;
  const acquirer = roles.includes('acquirer') ? await openAcquirer(ground, modules.acquirer, target.port) : undefined;
  const signedOn = Promise.all([issuer?.whenReady(), acquirer?.ready()]);
  await Promise.race([signedOn, delay(ground.settings.ZHANGGUI_ACQUIRER_TIMEOUT_MS, undefined, { ref: false })]);
  return {
    issuer,
    switch: centre,
    acquirer,
    issuerWire,
    close: async () => {
      await acquirer?.stop();
      await issuer?.stop();
      await centre?.stop();
      await issuerWire.close();
    },
  };
};
