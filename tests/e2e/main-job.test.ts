import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { STORE_KEY } from '../../src/cli/stack.ts'
import { sidewaysScroll, signIn, useBench, withPage } from './browser.ts'

const bench = useBench()

async function connectStore(page: Page, storeUrl: string): Promise<void> {
  await page.getByRole('link', { name: 'APIs' }).first().click()
  await page
    .getByRole('link', { name: /connect/i })
    .first()
    .click()
  await page.getByLabel('Specification URL').fill(`${storeUrl}/openapi.json`)
  await page.getByLabel('Authentication').selectOption({ label: 'API key' })
  await page.getByRole('textbox', { name: 'API key' }).fill(STORE_KEY)
  await page.getByRole('button', { name: 'Connect API' }).click()
  await page.getByText('19 operations').first().waitFor()
}

it('does the main job by clicking: sign in, connect, ask, confirm, watch it succeed', async ({ skip }) => {
  const { browser, stack } = bench()
  if (!browser) return skip('no Chromium here; set CHROMIUM_PATH')
  await withPage(browser, { width: 1280, height: 800 }, async (page) => {
    await signIn(bench(), page)
    await connectStore(page, stack.storeUrl)
    await page.getByRole('link', { name: 'Chat' }).first().click()
    await page.getByLabel('What should happen?').fill("Cancel Ada Lovelace's pending order")
    await page.getByRole('button', { name: 'Plan', exact: true }).click()
    await page.getByText('POST /orders/{orderId}/cancel').first().waitFor()
    await page.getByRole('button', { name: /^(Confirm|Run)/ }).click()
    await page.getByRole('status').filter({ hasText: 'Succeeded' }).waitFor()
    await page.getByText('ord_3030').first().waitFor()
  })
  const order = await fetch(`${stack.storeUrl}/orders/ord_3030`, { headers: { 'x-store-key': STORE_KEY } })
  expect(await order.json()).toMatchObject({ status: 'cancelled' })
})

it('does it on a phone, without scrolling sideways', async ({ skip }) => {
  const { browser } = bench()
  if (!browser) return skip('no Chromium here; set CHROMIUM_PATH')
  await withPage(browser, { width: 360, height: 740 }, async (page) => {
    await signIn(bench(), page)
    await page.getByLabel('What should happen?').fill('Show me the late orders')
    await page.getByRole('button', { name: 'Plan', exact: true }).click()
    await page.getByText('GET /orders').first().waitFor()
    expect(await sidewaysScroll(page)).toBe(0)
    await page.getByRole('button', { name: /^(Confirm|Run)/ }).click()
    await page.getByRole('status').filter({ hasText: 'Succeeded' }).waitFor()
    expect(await sidewaysScroll(page)).toBe(0)
  })
})

it('shows the attempts of a run, replays it without calling, and runs it again', async ({ skip }) => {
  const { browser } = bench()
  if (!browser) return skip('no Chromium here; set CHROMIUM_PATH')
  await withPage(browser, { width: 360, height: 740 }, async (page) => {
    await signIn(bench(), page)
    await page.getByLabel('What should happen?').fill('Show me the late orders')
    await page.getByRole('button', { name: 'Plan', exact: true }).click()
    await page.getByText('GET /orders').first().waitFor()
    await page.getByRole('button', { name: /^(Confirm|Run)/ }).click()
    await page.getByRole('status').filter({ hasText: 'Succeeded' }).waitFor()
    const first = page.url()
    const dialog = page.getByRole('dialog')
    const close = () => dialog.getByRole('button', { name: 'Close' }).click()
    await page.getByRole('button', { name: 'Attempts' }).first().click()
    await dialog.getByText('Succeeded · 200').waitFor()
    await close()
    await page.getByRole('button', { name: 'Replay' }).click()
    await dialog.getByText('Every request is the same as then.').waitFor()
    expect(await sidewaysScroll(page)).toBe(0)
    await close()
    await page.getByRole('button', { name: 'Run again' }).click()
    await dialog.getByLabel('Input').waitFor()
    await dialog.getByRole('button', { name: 'Run again' }).click()
    await page.waitForURL((url) => url.href !== first)
    await page.getByRole('status').filter({ hasText: 'Succeeded' }).waitFor()
  })
})

it('says what is wrong at the field when an API cannot be connected', async ({ skip }) => {
  const { browser, stack } = bench()
  if (!browser) return skip('no Chromium here; set CHROMIUM_PATH')
  const page = await browser.newPage()
  page.setDefaultTimeout(15_000)
  await signIn(bench(), page)
  await page.getByRole('link', { name: 'APIs' }).first().click()
  await page
    .getByRole('link', { name: /connect/i })
    .first()
    .click()
  await page.getByLabel('Specification URL').fill(`${stack.storeUrl}/nothing-here.json`)
  await page.getByRole('button', { name: 'Connect API' }).click()
  expect(await page.getByRole('alert').first().textContent()).toContain('404')
  await page.close()
})

it('takes a change without a body over real HTTP, where an empty stream comes with it', async () => {
  const { stack, vars } = bench()
  const api = (method: string, path: string) =>
    fetch(`${stack.url}${path}`, { method, headers: { 'x-api-key': vars['DEV_API_KEY'] ?? '' } })
  expect((await api('POST', '/api/auth/logout')).status).toBe(200)
  expect((await api('DELETE', '/api/workflows/wfl_none')).status).toBe(404)
  expect((await api('POST', '/api/executions/run_none/cancel')).status).toBe(404)
})

it('serves the dashboard with a strict policy, and its pages by their path', async () => {
  const { stack } = bench()
  const page = await fetch(`${stack.url}/runs/run_anything`)
  expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8'])
  expect(page.headers.get('content-security-policy')).toContain("script-src 'self'")
  expect(await page.text()).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\sstyle=/)
})
