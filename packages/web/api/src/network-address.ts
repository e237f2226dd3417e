import { type NetworkInterfaceInfo, networkInterfaces } from 'node:os';

type Bound = Readonly<{ address: string; port: number }>;
type Interfaces = Readonly<
  Record<string, readonly Pick<NetworkInterfaceInfo, 'address' | 'family' | 'internal'>[] | undefined>
>;

const everywhere = ['0.0.0.0', '::'];
const isLoopback = (address: string): boolean => /^(127\.|::1$|localhost$)/.test(address);
/** Networks inside this computer (containers, virtual machines) lead to no phone. */
const isVirtual = (name: string): boolean => /^(docker|br-|veth|virbr|vmnet|vbox|utun|tun|tap)/i.test(name);
/** A home's or a shop's network is most often the first of these (RFC 1918). */
const likelihood = (address: string): number =>
  address.startsWith('192.168.') ? 0 : address.startsWith('10.') ? 1 : 2;

/** Where another device of the same network finds a server bound to `address`; undefined when only this computer does. */
export const networkAddress = (
  { address, port }: Bound,
  interfaces: Interfaces = networkInterfaces(),
): string | undefined => {
  if (isLoopback(address)) return undefined;
  if (!everywhere.includes(address)) return `http://${address.includes(':') ? `[${address}]` : address}:${port}`;
  const [first] = Object.entries(interfaces)
    .filter(([name]) => !isVirtual(name))
    .flatMap(([, addresses = []]) => addresses)
    .filter(({ family, internal }) => family === 'IPv4' && !internal)
    .map((own) => own.address)
    .sort((left, right) => likelihood(left) - likelihood(right));
  return first === undefined ? undefined : `http://${first}:${port}`;
};
