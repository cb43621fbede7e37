import { beforeAll, describe, expect, it } from 'vitest'
import { AppError } from '../src/errors.ts'
import { fetchOutbound, OutboundError, type OutboundPolicy, type OutboundResponse } from '../src/platform/outbound.ts'
import { newStore, selfSigned, testEnv } from './helpers.ts'

type Call = Parameters<typeof fetchOutbound>[1]

const policy: OutboundPolicy = { allowPrivate: true, timeoutMs: 10_000, maxBytes: 100_000 }
const live: OutboundPolicy = { ...policy, allowPrivate: false }
const farm = `${testEnv.UPSTREAMS}/broken`
const decoder = new TextDecoder()

let store: { url: string; apiKey: string }
let untrusted: string
beforeAll(async () => {
  store = await newStore()
  untrusted = await selfSigned()
})

const call = (request: Call, changes: Partial<OutboundPolicy> = {}, signal?: AbortSignal) =>
  fetchOutbound((input, init) => fetch(input, init), request, { ...policy, ...changes }, signal)

const jsonOf = (response: OutboundResponse): unknown => JSON.parse(decoder.decode(response.body))
const redirectTo = (url: string) => `${farm}/redirect-to?url=${encodeURIComponent(url)}`

/** What a call failed with: the reason of an OutboundError, the code of a problem. */
async function failure(calling: Promise<unknown>): Promise<string> {
  const error: unknown = await calling.then(
    () => 'no failure',
    (error: unknown) => error,
  )
  if (error instanceof OutboundError) return error.reason
  return error instanceof AppError ? error.code : String(error)
}

/** Stands in for the network: answers from a table by URL, and writes down what it was asked. */
function network(answers: Record<string, [status: number, location: string]>) {
  const asked: { url: string; method: string; headers: Headers; body: string }[] = []
  const fetcher: typeof fetch = async (input, init) => {
    const request = new Request(input, init)
    asked.push({ url: request.url, method: request.method, headers: request.headers, body: await request.text() })
    const [status, location] = answers[request.url] ?? [200, '']
    return new Response(null, { status, headers: { location } })
  }
  return { asked, fetcher }
}

describe('a call that comes back', () => {
  it('gives status, headers, the whole body and the URL that answered', async () => {
    const response = await call({ url: `${farm}/minimal` })
    expect(response).toMatchObject({ status: 200, url: `${farm}/minimal` })
    expect(response.headers.get('content-type')).toBe('application/json')
    expect(jsonOf(response)).toMatchObject({ openapi: '3.1.0' })
  })

  it('gives an error status as an answer, not as a failure', async () => {
    expect((await call({ url: `${farm}/status/503` })).status).toBe(503)
  })

  it('sends method, headers and body', async () => {
    const headers = new Headers({ 'x-store-key': store.apiKey, 'content-type': 'application/json' })
    const body = JSON.stringify({ customerId: 'cus_1001', items: [{ productId: 'prd_2002', quantity: 1 }] })
    const response = await call({ url: `${store.url}/orders`, method: 'POST', headers, body })
    expect([response.status, jsonOf(response)]).toEqual([201, expect.objectContaining({ customerId: 'cus_1001' })])
  })

  it('takes a body of exactly as many bytes as it may have', async () => {
    expect((await call({ url: `${farm}/huge/5000` }, { maxBytes: 5000 })).body).toHaveLength(5000)
  })

  it('asks for codings that are taken off, and takes them off', async () => {
    expect(jsonOf(await call({ url: `${farm}/gzip` }))).toMatchObject({ openapi: '3.1.0' })
    expect(jsonOf(await call({ url: `${farm}/echo` }))).toMatchObject({ 'accept-encoding': 'gzip, br' })
  })

  it('gives the headers of a HEAD, whatever length they tell of', async () => {
    const fetcher: typeof fetch = async () => new Response(null, { headers: { 'content-length': '500000' } })
    const response = await fetchOutbound(fetcher, { url: 'https://a.example.com/', method: 'HEAD' }, live)
    expect([response.status, response.body.length]).toEqual([200, 0])
  })

  it('stops a bomb after no more than it may have, however much there is', async () => {
    const taken: number[] = []
    const fetcher: typeof fetch = async (input, init) => {
      const response = await fetch(input, init)
      const counting = new TransformStream<Uint8Array, Uint8Array>({
        transform: (chunk, controller) => {
          taken.push(chunk.byteLength)
          controller.enqueue(chunk)
        },
      })
      return new Response(response.body?.pipeThrough(counting) ?? null, { status: response.status })
    }
    expect(await failure(fetchOutbound(fetcher, { url: `${farm}/gzip-bomb` }, policy))).toBe('too_large')
    expect(taken.reduce((sum, size) => sum + size, 0)).toBeLessThan(policy.maxBytes + 100_000)
  })

  it('follows a redirect to the end and says where that is', async () => {
    const response = await call({ url: redirectTo(redirectTo(`${farm}/minimal`)) })
    expect([response.status, response.url]).toEqual([200, `${farm}/minimal`])
  })
})

describe('a call that does not', () => {
  it.each([
    ['redirects', () => call({ url: `${farm}/redirect-loop` })],
    ['redirects', () => call({ url: redirectTo(`${farm}/minimal`) }, { maxRedirects: 0 })],
    ['redirects', () => call({ url: redirectTo('http://[nonsense') })],
    ['too_large', () => call({ url: `${farm}/huge/5001` }, { maxBytes: 5000 })],
    ['too_large', () => call({ url: `${farm}/endless` })],
    ['too_large', () => call({ url: `${farm}/gzip-bomb` })],
    ['too_large', () => call({ url: `${farm}/br-bomb` })],
    ['dns', () => call({ url: 'http://api.invalid/' })],
    ['dns', () => call({ url: 'https://api.invalid/' })],
    ['connection_refused', () => call({ url: 'http://127.0.0.1:1/' })],
    ['connection_refused', () => call({ url: 'https://127.0.0.1:1/' })],
    ['tls', () => call({ url: `${untrusted}/broken/minimal` })],
    ['tls', () => call({ url: `${farm.replace('http:', 'https:')}/minimal` })],
    ['reset', () => call({ url: `${untrusted.replace('https:', 'http:')}/broken/minimal` })],
    ['reset', () => call({ url: `${farm}/reset` })],
    ['reset', () => call({ url: `${farm}/not-http` })],
    ['reset', () => call({ url: `${farm}/cut-body` })],
    ['timeout', () => call({ url: `${farm}/slow-headers` }, { timeoutMs: 150 })],
    ['timeout', () => call({ url: `${farm}/slow-headers` }, { headersMs: 150 })],
    ['body_timeout', () => call({ url: `${farm}/slow-body` }, { timeoutMs: 150 })],
    ['encoding', () => call({ url: `${farm}/bad-gzip` })],
    ['encoding', () => call({ url: `${farm}/cut-gzip` })],
    ['encoding', () => call({ url: `${farm}/deflate` })],
    ['ADDRESS_REFUSED', () => call({ url: redirectTo('file:///etc/passwd') })],
    ['ADDRESS_REFUSED', () => call({ url: redirectTo('http://me:pass@127.0.0.1/') })],
    ['ADDRESS_REFUSED', () => call({ url: `${farm}/minimal` }, { allowPrivate: false })],
  ])('fails as %s (%#)', async (reason, calling) => {
    expect(await failure(calling())).toBe(reason)
  })

  it('lets a body take longer than the headers may', async () => {
    expect(await failure(call({ url: `${farm}/slow-body` }, { headersMs: 150, timeoutMs: 400 }))).toBe('body_timeout')
  })

  it('does not guess, where development is not, what a throw of the runtime means', async () => {
    const fetcher: typeof fetch = () => Promise.reject(Object.assign(new Error('internal error'), { remote: true }))
    expect(await failure(fetchOutbound(fetcher, { url: 'https://a.example.com/' }, live))).toBe('unreachable')
  })

  it('says of a redirect that it is one, and names no address that it led to', async () => {
    const error: unknown = await call({ url: redirectTo('file:///etc/passwd') }).catch((thrown: unknown) => thrown)
    expect(String(error)).toMatch(/127\.0\.0\.1:\d+ redirects, and that is not followed/)
    expect(String(error)).not.toContain('passwd')
  })

  it('tells an abort by the caller from a timeout', async () => {
    const stop = new AbortController()
    const headers = new Headers({ 'x-store-key': store.apiKey, 'x-store-fault': 'delay=60000' })
    const calling = failure(call({ url: `${store.url}/products`, headers }, {}, stop.signal))
    stop.abort(new Error('cancelled by the caller'))
    expect(await calling).toContain('cancelled by the caller')
  })

  it('is broken off alone, where calls share their controllers', async () => {
    const spare: AbortController[] = []
    const get = (path: string, changes: Partial<OutboundPolicy> = {}) =>
      failure(call({ url: `${farm}/${path}` }, { spare, ...changes }))
    expect(await get('minimal')).toBe('no failure')
    const both = [get('slow-headers', { timeoutMs: 150 }), get('minimal')]
    expect(await Promise.all(both)).toEqual(['timeout', 'no failure'])
    expect(await Promise.all([get('minimal'), get('minimal')])).toEqual(['no failure', 'no failure'])
  })
})

describe('headers and redirects', () => {
  const headers = () => new Headers({ 'x-store-key': store.apiKey, 'x-other': 'kept' })

  it('keep a secret within the origin', async () => {
    const response = await call({ url: redirectTo(`${farm}/echo`), headers: headers(), secret: ['x-store-key'] })
    expect(jsonOf(response)).toMatchObject({ 'x-store-key': store.apiKey, 'x-other': 'kept' })
  })

  it('drop a secret when the origin changes, so that the other host answers as to a stranger', async () => {
    const request = { url: redirectTo(`${store.url}/products`), headers: headers() }
    expect((await call(request)).status).toBe(200)
    const response = await call({ ...request, secret: ['x-store-key'] })
    expect([response.status, response.url]).toEqual([401, `${store.url}/products`])
  })

  it('leave the caller’s own headers untouched', async () => {
    const given = headers()
    await call({ url: redirectTo(`${store.url}/products`), headers: given, secret: ['x-store-key'] })
    expect(given.get('x-store-key')).toBe(store.apiKey)
  })

  it('turn a POST into a GET without its body, which a list then answers', async () => {
    const request = { url: redirectTo(`${store.url}/products`), headers: headers(), method: 'POST', body: '{}' }
    const response = await call(request)
    expect([response.status, jsonOf(response)]).toEqual([200, expect.objectContaining({ items: expect.any(Array) })])
  })
})

// The farm is on loopback, so what is only about public hosts runs against a stand-in for the network.
describe('redirects between public hosts', () => {
  it.each([
    'http://169.254.169.254/latest/meta-data/',
    'https://169.254.169.254/latest/meta-data/',
    'https://127.0.0.1/',
    'https://[::ffff:10.0.0.1]/',
    'https://metadata.google.internal/',
    '//localhost/admin',
    'http://b.example.com/',
    'https://b.example.com:22/',
  ])('never lead to %s', async (location) => {
    const { asked, fetcher } = network({ 'https://a.example.com/': [302, location] })
    expect(await failure(fetchOutbound(fetcher, { url: 'https://a.example.com/' }, live))).toBe('ADDRESS_REFUSED')
    expect(asked.map(({ url }) => url)).toEqual(['https://a.example.com/'])
  })

  it.each([
    [301, 'POST', 'GET'],
    [302, 'POST', 'GET'],
    [303, 'POST', 'GET'],
    [303, 'PUT', 'GET'],
    [307, 'POST', 'POST'],
    [308, 'POST', 'POST'],
    [301, 'PUT', 'PUT'],
    [302, 'DELETE', 'DELETE'],
    [302, 'HEAD', 'HEAD'],
    [303, 'HEAD', 'HEAD'],
  ])('on %i take a %s on as a %s', async (status, method, followed) => {
    const { asked, fetcher } = network({ 'https://a.example.com/x': [status, '/y'] })
    const headers = new Headers({ 'content-type': 'text/plain' })
    const body = method === 'HEAD' ? null : 'hello'
    await fetchOutbound(fetcher, { url: 'https://a.example.com/x', method, headers, body }, live)
    const last = asked.at(-1)
    expect([last?.url, last?.method]).toEqual(['https://a.example.com/y', followed])
    const type = followed === 'GET' ? null : 'text/plain'
    expect([last?.body, last?.headers.get('content-type')]).toEqual([followed === 'GET' ? '' : (body ?? ''), type])
  })

  it('do not bring a dropped secret back when they return to the first host', async () => {
    const { asked, fetcher } = network({
      'https://a.example.com/': [307, 'https://b.example.com/'],
      'https://b.example.com/': [307, 'https://a.example.com/end'],
    })
    const headers = new Headers({ authorization: 'Bearer swordfish' })
    await fetchOutbound(fetcher, { url: 'https://a.example.com/', headers, secret: ['Authorization'] }, live)
    expect(asked.map((request) => request.headers.get('authorization'))).toEqual(['Bearer swordfish', null, null])
  })

  it('count another port and another scheme as another host', async () => {
    const { asked, fetcher } = network({ 'https://a.example.com/': [302, 'https://a.example.com:8443/'] })
    const headers = new Headers({ 'x-key': 'swordfish' })
    await fetchOutbound(fetcher, { url: 'https://a.example.com/', headers, secret: ['x-key'] }, live)
    expect(asked.map((request) => request.headers.get('x-key'))).toEqual(['swordfish', null])
  })

  it('drop authorization and cookies for another host without being told to', async () => {
    const { asked, fetcher } = network({ 'https://a.example.com/': [302, 'https://b.example.com/'] })
    const headers = new Headers({ authorization: 'Bearer swordfish', cookie: 'sid=swordfish', 'x-other': 'kept' })
    await fetchOutbound(fetcher, { url: 'https://a.example.com/', headers }, live)
    const { headers: sent } = asked.at(-1) ?? {}
    expect(['authorization', 'cookie', 'x-other'].map((name) => sent?.get(name))).toEqual([null, null, 'kept'])
  })

  it.each([301, 302, 307, 308])('on %i never carry a body to another host', async (status) => {
    const { asked, fetcher } = network({ 'https://a.example.com/': [status, 'https://b.example.com/'] })
    const calling = fetchOutbound(fetcher, { url: 'https://a.example.com/', method: 'PUT', body: 'hello' }, live)
    expect(await failure(calling)).toBe('redirects')
    expect(asked).toHaveLength(1)
  })
})

// What Cloudflare's edge answers in production in place of a host that it could not reach.
describe('an error page of the edge', () => {
  const edge = { server: 'cloudflare', 'cf-ray': '8f0000000000abcd-FRA' }
  const html = (code: number) => `<!doctype html><h1>Host Error <span class="code-label">Error code ${code}</span></h1>`
  const answering = (status: number, body: string, headers: Record<string, string>) =>
    failure(
      fetchOutbound(async () => new Response(body, { status, headers }), { url: 'https://a.example.com/' }, live).then(
        (response) => Promise.reject(new Error(`answered ${response.status}`)),
      ),
    )

  it.each([
    [530, 'error code: 1016', 'dns'],
    [530, html(1016), 'dns'],
    [530, '{"cloudflare_error":true,"error_code":1016}', 'dns'],
    [530, 'error code: 1033', 'connection_refused'],
    [520, html(520), 'reset'],
    [521, 'error code: 521', 'connection_refused'],
    [522, html(522), 'timeout'],
    [523, 'error code: 523', 'connection_refused'],
    [524, 'error code: 524', 'timeout'],
    [525, html(525), 'tls'],
    [526, 'error code: 526', 'tls'],
  ])('of status %i stands for a failure: %s', async (status, body, reason) => {
    expect(await answering(status, body, edge)).toBe(reason)
  })

  it.each([
    ['no mark of the edge', 521, 'error code: 521', {}],
    ['another server', 521, 'error code: 521', { ...edge, server: 'nginx' }],
    ['a body of its own', 521, '{"message":"our own 521"}', edge],
    ['another number in the body', 525, 'error code: 1020', edge],
    ['an error of the edge that is not about the connection', 530, 'error code: 1020', edge],
    ['a plain 503', 503, 'error code: 521', edge],
  ])('is not seen in an answer with %s', async (_, status, body, headers) => {
    expect(await answering(status, body, headers)).toContain(`answered ${status}`)
  })
})

it('leaves no timer behind: more calls go out than timers may be set', async () => {
  const answer = async () => new Response('x')
  const policy = { allowPrivate: true, timeoutMs: 30_000, headersMs: 30_000, maxBytes: 10 }
  let answered = 0
  while (answered < 10_100)
    answered += Number((await fetchOutbound(answer, { url: 'http://127.0.0.1/' }, policy)).status === 200)
  expect(answered).toBe(10_100)
}, 30_000)
