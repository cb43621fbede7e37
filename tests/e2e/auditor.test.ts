import type { Page } from 'playwright-core'
import { expect, it, vi } from 'vitest'
import { STORE_KEY } from '../../src/cli/stack.ts'
import { callApi, joinAs, newcomer, useBench, withPage } from './browser.ts'

const bench = useBench()

/** A workspace with something of everything, and the path of each page that shows it. */
async function furnish(): Promise<string[]> {
  const call = <T = { id: string }>(method: string, path: string, body?: unknown) =>
    callApi<T>(bench(), method, path, body)
  const auth = { type: 'apiKey', value: STORE_KEY }
  const specUrl = `${bench().stack.storeUrl}/openapi.json`
  const { id: apiId, slug } = await call<{ id: string; slug: string }>('POST', '/api/apis', {
    name: 'Store',
    specUrl,
    auth,
  })
  const definition = {
    name: 'Look orders up',
    steps: [{ id: 'orders', type: 'api_call', api: slug, operation: 'GET /orders' }],
  }
  const { id } = await call('POST', '/api/workflows', { definition })
  await call('POST', `/api/workflows/${id}/schedules`, { name: 'Nightly', cron: '0 3 * * *' })
  await call('POST', `/api/workflows/${id}/hooks`, { name: 'From the shop' })
  const run = await call('POST', `/api/workflows/${id}/execute`, { input: {} })
  const asking = {
    name: 'Asks first',
    steps: [{ id: 'ok', type: 'approval', message: 'Shall it go on?' }],
  }
  const { id: askingId } = await call('POST', '/api/workflows', { definition: asking })
  const open = await call('POST', `/api/workflows/${askingId}/execute`, { input: {} })
  const batch = await call('POST', `/api/workflows/${id}/batch`, [{}, {}])
  return [
    '/',
    '/apis',
    `/apis/${apiId}`,
    '/apis/new',
    '/operations?q=orders',
    '/runs',
    `/runs/${run.id}`,
    `/runs/${open.id}`,
    '/batches',
    `/batches/${batch.id}`,
    '/workflows',
    `/workflows/${id}`,
    `/workflows/${id}/batch`,
    '/notices',
    ...['/workspace', '/keys', '/connections', '/limits', '/usage', '/audit'].map((page) => `/settings${page}`),
  ]
}

/** What buttons are for that only show something, or concern the auditor alone. */
const HARMLESS =
  /^(Workspace: .*|Sign out|Copy.*|Show.*|Filter|Search|Verify the chain|Ended ones too|Leave the workspace|Load more|Attempts.*)$/

// What is folded within what is folded is there two frames later.
const UNFOLD = `new Promise((done) => {
  for (const each of document.querySelectorAll('main details')) each.open = true
  requestAnimationFrame(() => requestAnimationFrame(done))
})`

/** The names of what can be pressed, what is folded away included; a choice in a row acts at once as a button does. */
async function names(page: Page): Promise<string[]> {
  while ((await page.locator('main details:not([open])').count()) > 0) await page.evaluate(UNFOLD)
  const all = page.locator('button:visible, [role=button]:visible, [role=switch]:visible, main li select:visible')
  const texts = await all.evaluateAll((found) =>
    found.map((each) => (each.getAttribute('aria-label') ?? each.textContent ?? '').trim()),
  )
  return texts.filter(Boolean)
}

it('lets an auditor see every page, with no button that would only be refused', async ({ skip }) => {
  const { browser, stack } = bench()
  if (!browser) return skip('no Chromium here; set CHROMIUM_PATH')
  const paths = await furnish()
  await withPage(browser, { width: 1280, height: 900 }, async (page) => {
    const refused: string[] = []
    page.on('response', (response) => {
      if (response.status() === 403) refused.push(`${response.request().method()} ${response.url()}`)
    })
    await joinAs(bench(), page, 'auditor', newcomer('Olga'))
    for (const path of paths) {
      await page.goto(`${stack.url}${path}`)
      await page.getByRole('heading', { level: 1 }).first().waitFor()
      await vi.waitUntil(async () => (await page.locator('main [aria-busy=true]').count()) === 0, { timeout: 15_000 })
      expect([path, await page.getByRole('alert').allTextContents()]).toEqual([path, []])
      const unexpected = (await names(page)).filter((name) => !HARMLESS.test(name))
      expect([path, unexpected]).toEqual([path, []])
    }
    expect(refused).toEqual([])
  })
}, 180_000)
