import { createHmac, randomUUID } from 'node:crypto'
import type { Locator, Page } from 'playwright-core'
import { expect, it, vi } from 'vitest'
import { STORE_KEY } from '../../src/cli/stack.ts'
import { callApi, sidewaysScroll, signIn, useBench, withPage } from './browser.ts'

const bench = useBench()

const inputs = { type: 'object', properties: { orderId: { type: 'string' } }, required: ['orderId'] }

/** A workflow that reads an order of the sample API, connected under the same name; both ids. */
async function storeWorkflow(name: string): Promise<{ apiId: string; workflowId: string }> {
  const auth = { type: 'apiKey', value: STORE_KEY }
  const specUrl = `${bench().stack.storeUrl}/openapi.json`
  const { id: apiId, slug } = await callApi<{ id: string; slug: string }>(bench(), 'POST', '/api/apis', {
    name: `${name} API`,
    specUrl,
    auth,
  })
  const call = { id: 'order', type: 'api_call', api: slug, operation: 'GET /orders/{orderId}' }
  const steps = [{ ...call, parameters: { orderId: '{{ input.orderId }}' } }]
  const { id: workflowId } = await callApi(bench(), 'POST', '/api/workflows', { definition: { name, inputs, steps } })
  return { apiId, workflowId }
}

/** Sends an event, signed as Standard Webhooks says; the answer's status. */
async function sendEvent(url: string, secret: string, event: unknown): Promise<number> {
  const body = JSON.stringify(event)
  const [id, timestamp] = [randomUUID(), String(Math.floor(Date.now() / 1000))]
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64')
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')
  const signed = { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` }
  const headers = { ...signed, 'content-type': 'application/json' }
  return (await fetch(url, { method: 'POST', headers, body })).status
}

/** What stands in a field that is there to be copied, as the clipboard has it. */
async function copy(page: Page, dialog: Locator, what: string): Promise<string> {
  await dialog.getByRole('button', { name: `Copy ${what}` }).click()
  await dialog.getByRole('button', { name: `Copied ${what}` }).waitFor()
  return page.evaluate('navigator.clipboard.readText()')
}

/** Fires the cron of every minute until something has come of it. */
async function fireCronUntil(happened: () => Promise<boolean>): Promise<void> {
  const cron = `${bench().stack.url}/cdn-cgi/handler/scheduled?cron=${encodeURIComponent('* * * * *')}`
  await vi.waitUntil(async () => (await fetch(cron)).ok && (await happened()), { timeout: 90_000, interval: 1000 })
}

it('gives a webhook, shows its secret once, turns it off, rotates and removes it', async ({ skip }) => {
  const { browser } = bench()
  if (!browser) return skip('no Chromium here; set CHROMIUM_PATH')
  await storeWorkflow('Look an order up')
  await withPage(browser, { width: 1280, height: 900 }, async (page) => {
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    await signIn(bench(), page)
    await page.getByRole('link', { name: 'Workflows' }).first().click()
    await page.getByRole('link', { name: 'Look an order up' }).click()
    await page.getByText('No event of others runs it.').waitFor()
    await page.getByRole('button', { name: 'Add a webhook' }).click()
    const dialog = page.getByRole('dialog')
    expect(JSON.parse(await dialog.getByLabel('Input of the run').inputValue())).toEqual({
      orderId: '{{ body.orderId }}',
    })
    await dialog.getByLabel('Name').fill('From the shop')
    await dialog.getByLabel('Input of the run').fill('{ "orderId": "{{ body.order.id }}" }')
    await dialog.getByRole('button', { name: 'Add the webhook' }).click()
    await dialog.getByText('Keep the secret now').waitFor()
    const [url, secret] = [await copy(page, dialog, 'URL'), await copy(page, dialog, 'Secret')]
    await dialog.getByRole('button', { name: 'I have kept it' }).click()
    await dialog.waitFor({ state: 'hidden' })
    expect(await page.content()).not.toContain(secret)

    const event = { order: { id: 'ord_3030' } }
    expect(await sendEvent(url, secret, event)).toBe(202)
    await page.reload()
    const hooks = page.getByRole('list', { name: 'Webhooks' })
    // The page asks by itself until the run has ended.
    await hooks.getByText('Succeeded').waitFor()
    expect(await hooks.locator('a[href^="/runs/"]').count()).toBe(1)
    expect(await sendEvent(url, secret, { order: 'none' })).toBe(422)
    await page.reload()
    await hooks.getByText('The workflow could not be run with the last event').waitFor()
    const turn = page.getByRole('switch', { name: 'Take events: From the shop' })
    await turn.click()
    await page.locator('[role=switch][aria-checked=false]').waitFor()
    expect(await sendEvent(url, secret, event)).toBe(404)
    await turn.click()
    await page.locator('[role=switch][aria-checked=true]').waitFor()

    await page.getByRole('button', { name: 'Rotate the secret of From the shop' }).click()
    await dialog.getByLabel('The secret until now still works').selectOption('No longer')
    await dialog.getByRole('button', { name: 'Rotate' }).click()
    await dialog.getByText('Keep the secret now').waitFor()
    const next = await copy(page, dialog, 'Secret')
    await page.keyboard.press('Escape')
    expect([await sendEvent(url, secret, event), await sendEvent(url, next, event)]).toEqual([401, 202])

    await page.getByRole('button', { name: 'Delete From the shop' }).click()
    await dialog.getByRole('button', { name: 'Delete' }).click()
    await page.getByText('No event of others runs it.').waitFor()
    expect(await sendEvent(url, next, event)).toBe(404)
    await page.getByRole('link', { name: 'Runs' }).first().click()
    const runs = page.getByRole('link', { name: /by a webhook.*Succeeded/ })
    await runs.nth(1).waitFor()
    expect(await runs.count()).toBe(2)
  })
})

it('schedules a workflow on a phone, shows the next times and what became of the last', async ({ skip }) => {
  const { browser, stack } = bench()
  if (!browser) return skip('no Chromium here; set CHROMIUM_PATH')
  const lost = await storeWorkflow('Without its API')
  const everyMinute = { cron: '* * * * *', input: { orderId: 'ord_3030' } }
  await callApi(bench(), 'POST', `/api/workflows/${lost.workflowId}/schedules`, everyMinute)
  await callApi(bench(), 'DELETE', `/api/apis/${lost.apiId}`)
  const { workflowId } = await storeWorkflow('Every minute')
  await withPage(browser, { width: 360, height: 740 }, async (page) => {
    await signIn(bench(), page)
    await page.goto(`${stack.url}/workflows/${workflowId}`)
    await page.getByRole('button', { name: 'Add a schedule' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('How often').selectOption('Monday to Friday at 08:00')
    expect(await dialog.getByLabel('Cron expression').inputValue()).toBe('0 8 * * 1-5')
    await dialog.getByLabel('Time zone').fill('Asia/Tokyo')
    const times = dialog.getByRole('list', { name: 'The next times in Asia/Tokyo' }).getByRole('listitem')
    await times.first().waitFor()
    expect(await times.allTextContents()).toEqual(
      Array.from({ length: 5 }, () => expect.stringMatching(/^(Mon|Tue|Wed|Thu|Fri).* 08:00$/)),
    )
    await dialog.getByLabel('Cron expression').fill('61 * * * *')
    await dialog.getByText(/"61" for the minute/).waitFor()
    await dialog.getByLabel('Cron expression').fill('* * * * *')
    await dialog.getByLabel('Order id').fill('ord_3030')
    expect(await sidewaysScroll(page)).toBe(0)
    await dialog.getByRole('button', { name: 'Add the schedule' }).click()
    await dialog.waitFor({ state: 'hidden' })

    // The page asks by itself once the time has come.
    const lastRun = page.getByRole('list', { name: 'Schedules' }).locator('a[href^="/runs/"]')
    await fireCronUntil(async () => (await lastRun.count()) === 1)
    await lastRun.click()
    await page.getByRole('status').filter({ hasText: 'Succeeded' }).waitFor()
    await page.goto(`${stack.url}/workflows/${lost.workflowId}`)
    await page.getByText('The last time it could not be run').waitFor()

    await page.goto(`${stack.url}/workflows/${workflowId}`)
    await page.getByRole('switch', { name: 'Run on schedule: Schedule' }).click()
    await page.getByText('None while it is off').waitFor()
    await page.getByRole('button', { name: 'Edit Schedule' }).click()
    await dialog.getByLabel('Name').fill('Each minute')
    await dialog.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('button', { name: 'Delete Each minute' }).click()
    expect(await sidewaysScroll(page)).toBe(0)
    await dialog.getByRole('button', { name: 'Delete' }).click()
    await page.getByText('It does not run at set times.').waitFor()
    await page.getByRole('button', { name: 'Delete', exact: true }).click()
    await dialog.getByRole('button', { name: 'Delete' }).click()
    await page.getByRole('heading', { name: 'Workflows' }).waitFor()
    await page.getByRole('link', { name: 'Every minute' }).waitFor({ state: 'detached' })
  })
}, 180_000)
