import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isNetwork, isWithin } from '../src/lib/network.ts'

describe('networks', () => {
  it.each([
    ['192.0.2.7', '192.0.2.0/24', true],
    ['192.0.3.7', '192.0.2.0/24', false],
    ['192.0.2.7', '192.0.2.7', true],
    ['192.0.2.8', '192.0.2.7', false],
    ['192.0.2.7', '0.0.0.0/0', true],
    ['::ffff:192.0.2.7', '192.0.2.0/24', true],
    ['192.0.2.7', '::ffff:192.0.2.0/120', true],
    ['192.0.2.7', '::/0', false],
    ['2001:db8::1', '2001:db8::/32', true],
    ['2001:DB8:0:0:0:0:0:1', '2001:db8::1', true],
    ['2001:db9::1', '2001:db8::/32', false],
    ['192.0.2.0/25', '192.0.2.0/24', true],
    ['192.0.2.0/23', '192.0.2.0/24', false],
    ['nobody', '0.0.0.0/0', false],
  ])('%s in %s: %s', (address, network, is) => {
    expect(isWithin(address, [network])).toBe(is)
  })

  it.each([
    '',
    '1.2.3',
    '1.2.3.4.5',
    '256.1.1.1',
    '01.2.3.4',
    '1.2.3.4/33',
    '1.2.3.4/-1',
    ':::',
    '1::2::3',
    'g::1',
    '::1/129',
    '1:2:3:4:5:6:7:8:9',
    '::1.2.3.400',
  ])('%j is no network', (text) => {
    expect(isNetwork(text)).toBe(false)
  })

  it('hold an address just when its first bits are theirs', () => {
    fc.assert(
      fc.property(fc.ipV4(), fc.ipV4(), fc.integer({ min: 0, max: 32 }), (a, b, bits) => {
        const number = (text: string) => text.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)
        const shift = 2 ** (32 - bits)
        const same = Math.floor(number(a) / shift) === Math.floor(number(b) / shift)
        expect(isWithin(a, [`${b}/${bits}`])).toBe(same)
      }),
    )
    fc.assert(fc.property(fc.ipV6(), (address) => isWithin(address, ['::/0']) || isWithin(address, ['0.0.0.0/0'])))
  })
})
