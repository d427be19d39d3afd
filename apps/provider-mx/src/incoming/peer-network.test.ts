import { expect, test } from '@jest/globals';
import { networkOf } from './peer-network.js';

test.each([
  ['written out', '2001:db8:1:2:3:4:5:6', '2001:db8:1:2:ffff:ffff:ffff:ffff'],
  ['shortened behind the network', '2001:db8:1:2::1', '2001:db8:1:2:3:4:5:6'],
  ['shortened across its end', '2001:db8::1', '2001:db8:0:0:1::'],
  ['shortened within it', '2001:db8:0:2:3:4:5:6', '2001:db8::2:7:8:9:a'],
  ['shortened at the front', '::1', '0:0:0:0:5:6:7:8'],
])('addresses of one /64 are one peer: %s', (_name, one, other) => {
  expect(networkOf(one)).toBe(networkOf(other));
});

test.each([
  ['the last bit of the network', '2001:db8:1:2::1', '2001:db8:1:3::1'],
  ['zeros left out elsewhere', '2001:db8::2:0:0:0:1', '2001:db8:2::'],
  ['IPv4', '192.0.2.1', '192.0.2.2'],
])('addresses of two networks are two peers: %s', (_name, one, other) => {
  expect(networkOf(one)).not.toBe(networkOf(other));
});
