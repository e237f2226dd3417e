import assert from 'node:assert/strict';
import { test } from 'node:test';
import { networkAddress } from './network-address.ts';

const at = (address: string, internal = false) => ({ address, family: 'IPv4', internal }) as const;
const interfaces = {
  lo: [at('127.0.0.1', true)],
  docker0: [at('172.17.0.1')],
  vpn: [at('10.8.0.2')],
  wlan0: [{ address: 'fe80::1', family: 'IPv6', internal: false } as const, at('192.168.1.7')],
};

test('a server for this computer alone has no address on the network', () => {
  for (const address of ['127.0.0.1', '::1', 'localhost'])
    assert.equal(networkAddress({ address, port: 1 }), undefined);
});

test('a server bound everywhere is found at the address a phone of the house would use', () => {
  for (const address of ['0.0.0.0', '::'])
    assert.equal(networkAddress({ address, port: 8580 }, interfaces), 'http://192.168.1.7:8580');
  assert.equal(networkAddress({ address: '0.0.0.0', port: 8580 }, { lo: interfaces.lo }), undefined);
});

test('a server bound to one address is found there', () => {
  assert.equal(networkAddress({ address: '10.1.2.3', port: 80 }, {}), 'http://10.1.2.3:80');
  assert.equal(networkAddress({ address: 'fd00::1', port: 80 }, {}), 'http://[fd00::1]:80');
});
