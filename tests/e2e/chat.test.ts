import { expect, it } from 'vitest'
import { STORE_KEY } from '../../src/cli/stack.ts'
import { callApi, sidewaysScroll, signIn, useBench, withPage } from './browser.ts'

const bench = useBench()

it('refines a plan message by message, and shows what each changes', async ({ skip }) => {
  const { browser, stack } = bench()
  if (!browser) return skip('no Chromium here; set CHROMIUM_PATH')
  const auth = { type: 'apiKey', value: STORE_KEY }
  await callApi(bench(), 'POST', '/api/apis', { name: 'Store', specUrl: `${stack.storeUrl}/openapi.json`, auth })
  await withPage(browser, { width: 1120, height: 1000 }, async (page) => {
    await signIn(bench(), page)
    await page.getByRole('link', { name: 'Chat' }).first().click()
    const say = async (message: string) => {
      await page.getByLabel('What should happen?').fill(message)
      await page.getByRole('button', { name: 'Plan', exact: true }).click()
    }
    const newest = page.getByRole('list', { name: 'Messages' }).getByRole('listitem').first()
    await say('Show order ord_3013')
    await newest.getByText('store · GET /orders/{orderId}').waitFor()
    await page.getByText('Goes on with the plan below').waitFor()
    await say('cancel it')
    await newest.getByText('Understood as “Show order ord_3013, then cancel it”').waitFor()
    expect(await newest.getByText('New', { exact: true }).count()).toBe(1)
    await say('List the orders')
    await newest.getByText('No longer done').waitFor()
    await say('only the late ones')
    await newest.getByRole('list', { name: 'Changed' }).getByText('status: late').waitFor()
    expect(await sidewaysScroll(page)).toBe(0)
    await page.getByRole('button', { name: 'New chat' }).click()
    await say('book a flight to Rome')
    await newest.getByText('This needs an API that is not connected').waitFor()
    await page.setViewportSize({ width: 360, height: 740 })
    expect(await sidewaysScroll(page)).toBe(0)
  })
})

it('asks which reading is meant, and goes on with the one that is chosen', async ({ skip }) => {
  const { browser, stack } = bench()
  if (!browser) return skip('no Chromium here; set CHROMIUM_PATH')
  const endpoints = [
    { method: 'POST', path: '/reports/{id}/retire', summary: 'Retire a report' },
    { method: 'DELETE', path: '/retire/reports/{id}', summary: 'Retire a report' },
  ]
  await callApi(bench(), 'POST', '/api/apis', { name: 'Reports', baseUrl: stack.storeUrl, endpoints })
  await withPage(browser, { width: 1120, height: 1000 }, async (page) => {
    await signIn(bench(), page)
    await page.getByRole('link', { name: 'Chat' }).first().click()
    await page.getByLabel('What should happen?').fill('retire the report r7')
    await page.getByRole('button', { name: 'Plan', exact: true }).click()
    await page.getByRole('heading', { name: 'Which one is meant?' }).waitFor()
    const reading = page.getByRole('listitem').filter({ hasText: 'reports DELETE /retire/reports/{id}' }).last()
    await reading.getByRole('button', { name: 'See this plan' }).click()
    expect(await page.getByRole('button', { name: /^Confirm: deletes/ }).textContent()).toContain('1')
  })
})

it('has what is to be done every Monday run by itself, on a phone too', async ({ skip }) => {
  const { browser, stack } = bench()
  if (!browser) return skip('no Chromium here; set CHROMIUM_PATH')
  const auth = { type: 'apiKey', value: STORE_KEY }
  await callApi(bench(), 'POST', '/api/apis', { name: 'Weekly', specUrl: `${stack.storeUrl}/openapi.json`, auth })
  await withPage(browser, { width: 1120, height: 1000 }, async (page) => {
    await signIn(bench(), page)
    await page.getByRole('link', { name: 'Chat' }).first().click()
    await page.getByLabel('What should happen?').fill('Every Monday at 9, list the late orders')
    await page.getByRole('button', { name: 'Plan', exact: true }).click()
    const when = page.getByRole('region', { name: 'When' })
    await when.getByText('Runs every Monday at 09:00').waitFor()
    await when.getByText(/next Mon.* 09:00/).waitFor()
    await page.setViewportSize({ width: 360, height: 740 })
    expect(await sidewaysScroll(page)).toBe(0)
    await page.getByRole('button', { name: 'Run it once now' }).waitFor()
    // One line each: letters below each other would be twice as high.
    for (const name of ['New chat', 'Plan'])
      expect((await page.getByRole('button', { name, exact: true }).boundingBox())?.height).toBeLessThan(60)
    await page.getByRole('button', { name: 'Schedule: runs every Monday at 09:00' }).click()
    await page.getByRole('switch', { name: /Run on schedule/ }).waitFor()
    expect(await sidewaysScroll(page)).toBe(0)
    await page.goBack()
    await page.getByText('Scheduled. It runs by itself until its schedule is turned off.').waitFor()
    await page.getByRole('link', { name: 'See its schedule' }).click()
    await page.getByText('0 9 * * 1').waitFor()
  })
})

it('makes a workflow of what is to be done each time something happens', async ({ skip }) => {
  const { browser, stack } = bench()
  if (!browser) return skip('no Chromium here; set CHROMIUM_PATH')
  const auth = { type: 'apiKey', value: STORE_KEY }
  await callApi(bench(), 'POST', '/api/apis', { name: 'Events', specUrl: `${stack.storeUrl}/openapi.json`, auth })
  await withPage(browser, { width: 1120, height: 1000 }, async (page) => {
    await signIn(bench(), page)
    await page.getByRole('link', { name: 'Chat' }).first().click()
    await page.getByLabel('What should happen?').fill('Whenever an order is late, cancel it')
    await page.getByRole('button', { name: 'Plan', exact: true }).click()
    await page.getByRole('region', { name: 'When' }).getByText('Each time: Whenever an order is late').waitFor()
    await page.getByRole('button', { name: 'Confirm: updates 1 order' }).waitFor()
    await page.getByRole('button', { name: 'Save as a workflow' }).click()
    await page.getByRole('button', { name: 'Add a webhook' }).waitFor()
    expect(await page.getByText('cancel the order').count()).toBeGreaterThan(0)
  })
})
