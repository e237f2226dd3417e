export { type Ground, type Hosts, institutions, openHosts } from './hosts.ts';
export { allMigrations, type House, openHouse } from './house.ts';
export { openInstitutionHsm } from './keys.ts';
export { silentProgress } from './progress.ts';
export { openSandboxBank } from './sandbox-bank.ts';
export { readSettings, type Settings } from './settings.ts';
