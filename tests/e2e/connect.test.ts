import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { callApi, sidewaysScroll, signIn, useBench, withPage } from './browser.ts'
import { startOidc } from '../upstreams/oidc.ts'
import { books, fewerBooks, library, openUpstream } from './upstream.ts'

const DESKTOP = { width: 1280, height: 900 }
const PHONE = { width: 360, height: 740 }

const bench = useBench()

async function openConnectPage(page: Page, way: string): Promise<void> {
  await page.goto(`${bench().stack.url}/apis/new`)
  await page.getByText(way, { exact: true }).click()
}

function fileOf(name: string, document: unknown) {
  return { name, mimeType: 'application/json', buffer: Buffer.from(JSON.stringify(document)) }
}

it('connects by a file, tries an operation and corrects its effect', async ({ skip }) => {
  const { browser } = bench()
  if (!browser) return skip('no Chromium here; set CHROMIUM_PATH')
  const upstream = await openUpstream(books)
  await withPage(browser, DESKTOP, async (page) => {
    await signIn(bench(), page)
    await openConnectPage(page, 'From a file')
    await page
      .getByLabel('Choose a file, or drop it here')
      .setInputFiles(fileOf('books.json', { ...books, servers: [{ url: upstream.url }] }))
    await page.getByRole('button', { name: 'Connect API' }).click()
    await page.getByText('Connected: 2 operations found').waitFor()
    await page.getByRole('button', { name: 'Test' }).click()
    await page.getByRole('status').filter({ hasText: 'It works' }).waitFor()
    const row = page.getByRole('listitem').filter({ hasText: 'List books' })
    await row.getByText('List books').click()
    await row.getByText('Try it').click()
    await row.getByLabel('author').fill('Jane Austen')
    await row.getByRole('button', { name: 'Send the request' }).click()
    await row.getByRole('status').filter({ hasText: '200' }).waitFor()
    expect(await row.getByRole('region', { name: 'Response body' }).textContent()).toContain('Emma')
    await row.getByText('Request that was sent').click()
    expect(await row.getByRole('region', { name: 'Request line' }).textContent()).toMatch(/\?author=Jane(%20|\+)Austen/)
    await row.getByLabel('Effect').selectOption({ label: 'Sends a message' })
    await row.getByRole('status').filter({ hasText: 'Saved' }).waitFor()
    await page.reload()
    await row.getByText('Sends').waitFor()
  })
  await upstream.close()
})

it('shows what a new version breaks, which workflow uses it, and a notice of it', async ({ skip }) => {
  const { browser, stack, vars } = bench()
  if (!browser) return skip('no Chromium here; set CHROMIUM_PATH')
  const upstream = await openUpstream(books)
  await withPage(browser, PHONE, async (page) => {
    await signIn(bench(), page)
    await openConnectPage(page, 'From a URL')
    await page.getByLabel('Specification URL').fill(`${upstream.url}/openapi.json`)
    await page.getByText('Name and base URL').click()
    await page.getByLabel('Name', { exact: true }).fill('Drifting')
    await page.getByRole('button', { name: 'Connect API' }).click()
    await page.getByText('Connected: 2 operations found').waitFor()
    const step = { id: 'get', type: 'api_call', api: 'drifting', operation: 'GET /books/{bookId}' }
    const definition = { name: 'Look at a book', steps: [{ ...step, parameters: { bookId: 'b_1' } }] }
    const stored = await fetch(`${stack.url}/api/workflows`, {
      method: 'POST',
      headers: { 'x-api-key': vars['DEV_API_KEY'] ?? '', 'content-type': 'application/json' },
      body: JSON.stringify({ definition }),
    })
    expect(stored.status).toBe(201)
    upstream.document = fewerBooks
    await page.getByRole('button', { name: 'Refresh' }).click()
    await page.getByRole('status').filter({ hasText: '2 changes, 1 of them breaking' }).waitFor()
    const breaking = page.getByRole('list', { name: 'Breaking changes' })
    expect(await breaking.textContent()).toContain('GET /books/{bookId}')
    await page.getByRole('link', { name: 'Look at a book' }).waitFor()
    expect(await sidewaysScroll(page)).toBe(0)
    await page.reload()
    await page.getByRole('link', { name: 'Notices, 1 unread' }).click()
    await page.getByRole('heading', { name: /API changed/ }).waitFor()
    await page.getByRole('button', { name: /^Mark as read/ }).click()
    await page.getByRole('link', { name: 'Notices', exact: true }).waitFor()
    expect(await sidewaysScroll(page)).toBe(0)
  })
  await upstream.close()
})

it('shows how far a large document is, and then what it has', async ({ skip }) => {
  const { browser } = bench()
  if (!browser) return skip('no Chromium here; set CHROMIUM_PATH')
  const upstream = await openUpstream(library(1500))
  const { promise, resolve } = Promise.withResolvers<void>()
  upstream.ready = promise
  await withPage(browser, PHONE, async (page) => {
    await signIn(bench(), page)
    await openConnectPage(page, 'From a URL')
    await page.getByLabel('Specification URL').fill(`${upstream.url}/openapi.json`)
    await page.getByRole('button', { name: 'Connect API' }).click()
    await page.getByRole('heading', { name: 'Reading the document' }).waitFor()
    await page.getByText('Fetching the document').waitFor()
    expect(await sidewaysScroll(page)).toBe(0)
    resolve()
    await page.getByText('Connected: 1,500 operations found').waitFor({ timeout: 60_000 })
    await page.getByRole('heading', { name: 'Library' }).waitFor()
    await page.getByLabel('Search operations').fill('shelf 1499')
    await page.getByText('GET /shelves/1499', { exact: true }).waitFor()
  })
  await upstream.close()
})

it('says where a large document is wrong, and reads it again when it is mended', async ({ skip }) => {
  const { browser } = bench()
  if (!browser) return skip('no Chromium here; set CHROMIUM_PATH')
  const upstream = await openUpstream({ ...library(1500), paths: 'x'.repeat(1_200_000) })
  await withPage(browser, DESKTOP, async (page) => {
    await signIn(bench(), page)
    await openConnectPage(page, 'From a URL')
    await page.getByLabel('Specification URL').fill(`${upstream.url}/openapi.json`)
    await page.getByRole('button', { name: 'Connect API' }).click()
    const failure = page.getByRole('alert').filter({ hasText: 'could not be used' })
    await failure.waitFor({ timeout: 60_000 })
    expect(await failure.textContent()).toContain('/paths')
    upstream.document = library(1500)
    await failure.getByRole('button', { name: 'Try again' }).click()
    await page.getByRole('heading', { name: 'Library' }).waitFor({ timeout: 60_000 })
  })
  await upstream.close()
})

it('asks for the credential that the document names, and searches over all APIs', async ({ skip }) => {
  const { browser, stack } = bench()
  if (!browser) return skip('no Chromium here; set CHROMIUM_PATH')
  const securitySchemes = { key: { type: 'apiKey', in: 'header', name: 'X-Book-Key' } }
  const upstream = await openUpstream({ ...books, components: { securitySchemes }, security: [{ key: [] }] })
  await withPage(browser, DESKTOP, async (page) => {
    await signIn(bench(), page)
    await openConnectPage(page, 'From a URL')
    await page.getByLabel('Specification URL').fill(`${upstream.url}/openapi.json`)
    await page.getByRole('button', { name: 'Connect API' }).click()
    await page.getByRole('button', { name: 'Add the credential' }).click()
    const dialog = page.getByRole('dialog')
    expect(await dialog.getByLabel('Name of the header or parameter').inputValue()).toBe('X-Book-Key')
    await dialog.getByRole('textbox', { name: 'API key' }).fill('a-key-of-mine')
    await dialog.getByRole('button', { name: 'Save the credential' }).click()
    await dialog.waitFor({ state: 'hidden' })
    await page.getByText('API key in the header X-Book-Key', { exact: true }).waitFor()
    await page.goto(`${stack.url}/apis`)
    await page.getByLabel('Search the operations of all APIs').fill('list books')
    await page.getByRole('button', { name: 'Search' }).click()
    await page.getByRole('list', { name: 'Operations' }).getByText('List books').first().waitFor()
    await page.getByLabel('Method').selectOption('DELETE')
    await page.getByText('No operation fits these words.').waitFor()
  })
  await upstream.close()
})

it('signs in at a provider and comes back, and again when the grant was withdrawn', async ({ skip }) => {
  const { browser, stack } = bench()
  if (!browser) return skip('no Chromium here; set CHROMIUM_PATH')
  const secret = 'a client secret of this test'
  const provider = await startOidc(secret, `${stack.url}/api/oauth/callback`)
  await withPage(browser, DESKTOP, async (page) => {
    await signIn(bench(), page)
    await openConnectPage(page, 'From a URL')
    await page.getByLabel('Specification URL').fill(`${provider.url}/openapi.json`)
    await page.getByRole('button', { name: 'Connect API' }).click()
    await page.getByRole('button', { name: 'Add the credential' }).click()
    await page.getByLabel('Client id').fill('web-client')
    await page.getByLabel('Client secret', { exact: true }).fill(secret)
    await page.getByRole('button', { name: 'Save the credential' }).click()
    await page.getByRole('status').filter({ hasText: 'Signed in' }).waitFor()
    expect(new URL(page.url()).search).toBe('?connected=1')
    await page.getByRole('button', { name: 'Test' }).click()
    await page.getByRole('status').filter({ hasText: 'It works' }).waitFor()
    await fetch(`${provider.url}/__revoke`, { method: 'POST' })
    await page.getByRole('button', { name: 'Test' }).click()
    const alert = page.getByRole('alert').filter({ hasText: 'needs to be connected again' })
    await alert.getByRole('button', { name: 'Reconnect' }).click()
    await page.getByRole('status').filter({ hasText: 'Signed in' }).waitFor()
    await alert.waitFor({ state: 'detached' })
  })
  await provider.close()
})

it('sets what calls with an effect need', async ({ skip }) => {
  const { browser, stack } = bench()
  if (!browser) return skip('no Chromium here; set CHROMIUM_PATH')
  const endpoints = [{ method: 'DELETE', path: '/orders/{id}', summary: 'Delete an order' }]
  const { id } = await callApi(bench(), 'POST', '/api/apis', { name: 'Guarded', baseUrl: stack.storeUrl, endpoints })
  await withPage(browser, PHONE, async (page) => {
    await signIn(bench(), page)
    await page.goto(`${stack.url}/apis/${id}`)
    await page.getByRole('button', { name: 'Edit' }).click()
    await page.getByLabel('Calls that delete').selectOption({ label: 'Wait for the yes of a second person' })
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('dialog').waitFor({ state: 'detached' })
  })
  const { policy } = await callApi<{ policy: object }>(bench(), 'GET', `/api/apis/${id}`)
  expect(policy).toEqual({ write: 'run', delete: 'second_person', pay: 'run' })
})
