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

it('undoes a batch: see what each run comes to, confirm, and say what could not be taken back', async ({ skip }) => {
  const { browser, stack } = bench()
  if (!browser) return skip('no Chromium here; set CHROMIUM_PATH')
  const auth = { type: 'apiKey', value: STORE_KEY }
  const { slug } = await callApi<{ slug: string }>(bench(), 'POST', '/api/apis', {
    name: 'Second store',
    specUrl: `${stack.storeUrl}/openapi.json`,
    auth,
  })
  const body = { name: '{{ input.name }}', email: '{{ input.name & "@example.com" }}' }
  const steps = [{ id: 'add', type: 'api_call', api: slug, operation: 'POST /customers', body }]
  const inputs = { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] }
  const definition = { name: 'Add many', inputs, steps }
  const workflow = await callApi(bench(), 'POST', '/api/workflows', { definition })
  const batch = await callApi(bench(), 'POST', `/api/workflows/${workflow.id}/batch`, [
    { name: 'Yann' },
    { name: 'Zoe' },
  ])
  const headers = { 'content-type': 'application/json' }
  await withPage(browser, { width: 360, height: 740 }, async (page) => {
    await signIn(bench(), page)
    await page.goto(`${stack.url}/batches/${batch.id}`)
    await page.getByRole('button', { name: 'Undo this batch' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText('In 2 runs: 2 deletions').waitFor()
    expect(await dialog.getByRole('list', { name: 'Runs' }).getByRole('listitem').count()).toBe(2)
    expect(await sidewaysScroll(page)).toBe(0)
    await fetch(`${stack.storeUrl}/__faults`, {
      method: 'PUT',
      headers,
      body: JSON.stringify({ status: 400, times: 1 }),
    })
    await dialog.getByRole('button', { name: 'Confirm: undo the batch' }).click()
    await page.waitForURL((url) => !url.pathname.endsWith(batch.id))
    await page.getByText('Takes back another batch.').waitFor()
    await page.getByRole('status').filter({ hasText: 'Completed in part' }).waitFor()
    await page.getByRole('link', { name: 'Open the run of input' }).click()
    await page.getByText('1 step could not be taken back').waitFor()
    await page.getByRole('list', { name: 'Could not be taken back' }).getByText('400').waitFor()
    await page.getByText('Try again what is left once nothing stands in the way of it any more.').waitFor()
    await page.getByRole('button', { name: 'Try again what is left' }).click()
    await page.getByRole('status').filter({ hasText: 'Succeeded' }).waitFor()
    await page.goto(`${stack.url}/batches/${batch.id}`)
    await page.getByText('The undoing has ended.').waitFor()
    expect(await page.getByRole('button', { name: 'Undo this batch' }).count()).toBe(0)
  })
  for (const name of ['Yann', 'Zoe']) {
    const found = await fetch(`${stack.storeUrl}/customers?search=${name}`, { headers: { 'x-store-key': STORE_KEY } })
    expect(await found.json()).toMatchObject({ items: [] })
  }
})
