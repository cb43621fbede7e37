import fc from 'fast-check'
import { TrieRouter } from 'hono/router/trie-router'
import { describe, expect, it, vi } from 'vitest'
import { RememberingRouter } from '../src/http/remembering-router.ts'

const segment = fc.constantFrom('auth', 'keys', 'test', ':id', ':provider', '*')
const route = fc.tuple(
  fc.constantFrom('GET', 'POST', 'ALL'),
  fc.array(segment, { minLength: 1, maxLength: 3 }).map((parts) => `/${parts.join('/')}`),
)
const request = fc.tuple(
  fc.constantFrom('GET', 'POST', 'HEAD'),
  fc
    .array(fc.constantFrom('auth', 'keys', 'test', 'else'), { minLength: 1, maxLength: 3 })
    .map((parts) => `/${parts.join('/')}`),
)

describe('the router', () => {
  it('finds what one that remembers nothing finds, however often it is asked, also as routes are added', () => {
    fc.assert(
      fc.property(fc.array(route, { maxLength: 8 }), fc.array(request, { maxLength: 8 }), (routes, requests) => {
        const [ours, plain] = [new RememberingRouter<number>(), new TrieRouter<number>()]
        for (const [handler, [method, path]] of routes.entries()) {
          for (const router of [ours, plain]) router.add(method, path, handler)
          for (const [asked, at] of [...requests, ...requests])
            expect(ours.match(asked, at)).toEqual(plain.match(asked, at))
        }
      }),
    )
  })

  it('looks a path up once where it stands in a route as it is, and any other each time', () => {
    const looked = vi.spyOn(TrieRouter.prototype, 'match')
    const router = new RememberingRouter<string>()
    router.add('GET', '/keys', 'list')
    router.add('GET', '/keys/:id', 'get')
    const look = (path: string) => {
      looked.mockClear()
      for (let time = 0; time < 3; time++) router.match('GET', path)
      return looked.mock.calls.length
    }
    expect([look('/keys'), look('/keys/1'), look('/nothing')]).toEqual([1, 3, 3])
    looked.mockRestore()
  })
})
