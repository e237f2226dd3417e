/** The house, bottom to top: a package imports rooms of lower floors only. */
export const floors = [
  { folder: 'packages/base', pure: true },
  { folder: 'packages/formats', pure: true },
  { folder: 'packages/cores', pure: true },
  { folder: 'packages/io', pure: false },
  { folder: 'packages/protocols', pure: false },
  { folder: 'packages/domains', pure: false },
  { folder: 'packages/web', pure: false },
  { folder: 'sandbox', pure: false },
  { folder: 'apps', pure: false },
  { folder: '.', pure: false },
] as const;

/** What a pure room may never say: it has no clock, no chance, no waiting and no outside world. */
export const impurities = [
  {
    name: 'a clock',
    pattern: /\bDate\.now\b|\bnew Date\(\s*\)|\bperformance\.|\bTemporal\.Now\b|\bsetTimeout\b|\bsetInterval\b/,
  },
  { name: 'randomness', pattern: /\bMath\.random\b|\brandomBytes\b|\brandomUUID\b|\bgetRandomValues\b/ },
  { name: 'waiting', pattern: /\basync\b|\bawait\b|\bPromise\b/ },
  { name: 'the outside world', pattern: /\bfetch\(|\bprocess\./ },
] as const;

/** node: modules a pure room may use; every other is refused. */
export const pureBuiltins: Readonly<Record<string, readonly string[]>> = { '@zhanggui/card-crypto': ['node:crypto'] };

/** Third parties a pure room may depend on: primitives that node:crypto lacks (SM2, CMAC). */
export const pureThirdParties: Readonly<Record<string, readonly string[]>> = {
  '@zhanggui/card-crypto': ['sm-crypto-v2', '@noble/ciphers'],
};
