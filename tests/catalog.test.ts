import { expect, it } from 'vitest'
import { newTenant } from './helpers.ts'

/** A tenant with an API whose operations are called by these words. */
async function tenantWith(summaries: readonly string[]) {
  const tenant = await newTenant()
  const paths = Object.fromEntries(
    summaries.map((summary, n) => [`/p${n}`, { get: { summary, tags: ['all'], responses: {} } }]),
  )
  const spec = {
    openapi: '3.1.0',
    info: { title: 'Words', version: '1' },
    servers: [{ url: 'https://w.example.com' }],
    paths,
  }
  const { data } = await tenant.call('POST', '/api/apis', { spec })
  const search = async (query: string) => {
    const found = (await tenant.call('GET', `/api/catalog/search?${query}`)).data as { summary: string }[]
    return found.map(({ summary }) => summary)
  }
  return { ...tenant, apiId: data.id as string, search }
}

const both = Array.from({ length: 4 }, (_, n) => `Blue heron ${'lake '.repeat(n + 1)}`.trim())
const one = ['Blue heron of nobody', 'Blue', 'Heron', 'Blue blue blue', 'Grey goose']

it('finds what has every word first, then what has any, and nothing twice', async () => {
  const { search } = await tenantWith([...one, ...both])
  const found = await search('q=blue+lake')
  expect(new Set(found.slice(0, 4))).toEqual(new Set(both))
  expect(new Set(found.slice(4))).toEqual(new Set(['Blue heron of nobody', 'Blue', 'Blue blue blue']))
  expect(found).toHaveLength(7)
})

it('finds no more than asked for, whether those with every word are too few or enough', async () => {
  const { search } = await tenantWith([...one, ...both])
  expect(new Set(await search('q=blue+lake&limit=4'))).toEqual(new Set(both))
  expect(await search('q=blue+lake&limit=2')).toHaveLength(2)
  const six = await search('q=blue+lake&limit=6')
  expect([six.length, new Set(six).size, new Set(six.slice(0, 4))]).toEqual([6, 6, new Set(both)])
})

it('finds nothing of an API that is switched off, nor of another workspace', async () => {
  const mine = await tenantWith(both)
  const other = await tenantWith(one)
  expect(await mine.search('q=goose')).toEqual([])
  await mine.call('PATCH', `/api/apis/${mine.apiId}`, { status: 'INACTIVE' })
  expect(await mine.search('q=blue+lake')).toEqual([])
  expect(await other.search('q=goose')).toEqual(['Grey goose'])
})
