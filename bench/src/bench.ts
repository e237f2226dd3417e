/** `npm run bench [-- name …]`: each bench prints its figures as JSON lines; without names all run. */
const benches: Readonly<Record<string, () => Promise<void>>> = {
  codec: async () => (await import('./codec.ts')).benchCodec(),
  link: async () => (await import('./link.ts')).benchLink(),
  hsm: async () => (await import('./hsm.ts')).benchHsm(),
  wechatpay: async () => (await import('./wechatpay.ts')).benchWeChatPay(),
  qrpay: async () => (await import('./qrpay.ts')).benchQrPay(),
  payments: async () => (await import('./payments.ts')).benchPayments(),
  chain: async () => (await import('./chain.ts')).benchChain(),
};

const asked = process.argv.slice(2);
for (const name of asked)
  if (!(name in benches)) throw new Error(`no bench '${name}'; there are ${Object.keys(benches).join(', ')}`);
for (const [name, bench] of Object.entries(benches)) if (asked.length === 0 || asked.includes(name)) await bench();
