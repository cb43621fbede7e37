import { expect, it } from 'vitest'
import { STORE_KEY } from '../../src/cli/stack.ts'
import { callApi, sidewaysScroll, signIn, useBench, withPage } from './browser.ts'

const bench = useBench()

it('undoes a run on a phone: see what will be called, confirm, and find the way between the two', async ({ skip }) => {
  const { browser, stack } = bench()
  if (!browser) return skip('no Chromium here; set CHROMIUM_PATH')
  const auth = { type: 'apiKey', value: STORE_KEY }
  await callApi(bench(), 'POST', '/api/apis', { name: 'Store', specUrl: `${stack.storeUrl}/openapi.json`, auth })
  const call = (id: string, name: string, operation: string, more: object) => {
    return { id, name, type: 'api_call', api: 'store', operation, ...more }
  }
  const steps = [
    call('add', 'Add Xavier', 'POST /customers', { body: { name: 'Xavier', email: 'xavier@example.com' } }),
    call('move', 'Move Ada', 'PATCH /customers/{customerId}', {
      parameters: { customerId: 'cus_1001' },
      body: { city: 'Oslo' },
    }),
  ]
  const definition = { name: 'Add and move', steps }
  const workflow = await callApi(bench(), 'POST', '/api/workflows', { definition })
  const run = await callApi(bench(), 'POST', `/api/workflows/${workflow.id}/execute?wait=10`, {})
  await withPage(browser, { width: 360, height: 740 }, async (page) => {
    await signIn(bench(), page)
    await page.goto(`${stack.url}/runs/${run.id}`)
    await page.getByRole('button', { name: 'Undo this run' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText('Takes back “Add Xavier”').waitFor()
    await dialog.getByText('Stays as it is').waitFor()
    await dialog.getByText('Move Ada').waitFor()
    expect(await sidewaysScroll(page)).toBe(0)
    await dialog.getByRole('button', { name: 'Confirm: 1 deletion' }).click()
    await page.waitForURL((url) => !url.pathname.endsWith(run.id))
    await page.getByRole('status').filter({ hasText: 'Succeeded' }).waitFor()
    expect(await page.getByRole('button', { name: 'Run again' }).count()).toBe(0)
    await page.getByRole('link', { name: 'See what it undoes' }).click()
    await page.getByText('Undone.').waitFor()
    expect(await page.getByRole('button', { name: 'Undo this run' }).count()).toBe(0)
    await page.getByRole('link', { name: 'See the undoing run' }).click()
    await page.getByRole('heading', { name: 'Undo: Add and move' }).waitFor()
  })
  const found = await fetch(`${stack.storeUrl}/customers?search=Xavier`, { headers: { 'x-store-key': STORE_KEY } })
  expect(await found.json()).toMatchObject({ items: [] })
})
