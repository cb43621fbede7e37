import { mkdirSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type Browser, type Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { CHROMIUM_ARGS, findChromium } from '../../src/cli/chromium.ts'
import { stopAll } from '../../src/cli/process-group.ts'
import { STORE_KEY, type Stack } from '../../src/cli/stack.ts'
import { startThrowAway } from '../../src/cli/throw-away.ts'

const artifacts = join(import.meta.dirname, '../.artifacts')

let folder: string
let stack: Stack
let vars: Record<string, string>
let browser: Browser | undefined

beforeAll(async () => {
  const executablePath = await findChromium()
  if (executablePath === null && process.env['CI']) throw new Error('CI needs a Chromium; set CHROMIUM_PATH')
  folder = await mkdtemp(join(tmpdir(), 'apiq-e2e-'))
  const started = await startThrowAway(folder, { dashboard: true, quiet: true, verbose: false })
  stack = started.stack
  vars = started.vars
  if (executablePath) browser = await chromium.launch({ executablePath, args: CHROMIUM_ARGS })
})

afterAll(async () => {
  await browser?.close()
  await stopAll()
  await rm(folder, { recursive: true, force: true, maxRetries: 5 })
})

/** Opens a page, gathers what the browser complains of, and keeps a picture when the story fails. */
async function withPage(
  viewport: { width: number; height: number },
  story: (page: Page) => Promise<void>,
): Promise<void> {
  const page = await (browser as Browser).newPage({ viewport })
  const complaints: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error' && !/401/.test(message.text())) complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(String(error)))
  page.setDefaultTimeout(15_000)
  try {
    await story(page)
    expect(complaints).toEqual([])
  } catch (error) {
    mkdirSync(artifacts, { recursive: true })
    await page.screenshot({ path: join(artifacts, `failure-${viewport.width}.png`), fullPage: true })
    throw error
  } finally {
    await page.close()
  }
}

async function signIn(page: Page): Promise<void> {
  await page.goto(stack.url)
  await page.getByLabel('E-mail').fill(vars['DEV_USER_EMAIL'] ?? '')
  await page.getByLabel('Password').fill(vars['DEV_USER_PASSWORD'] ?? '')
  await page.getByRole('button', { name: 'Sign in' }).click()
}

async function connectStore(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'APIs' }).first().click()
  await page
    .getByRole('link', { name: /connect/i })
    .first()
    .click()
  await page.getByLabel('Specification URL').fill(`${stack.storeUrl}/openapi.json`)
  await page.getByLabel('Authentication').selectOption({ label: 'API key' })
  await page.getByRole('textbox', { name: 'API key' }).fill(STORE_KEY)
  await page.getByRole('button', { name: 'Connect API' }).click()
  await page.getByText('19 operations').first().waitFor()
}

async function sidewaysScroll(page: Page): Promise<number> {
  return page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')
}

it('does the main job by clicking: sign in, connect, ask, confirm, watch it succeed', async ({ skip }) => {
  if (!browser) return skip('no Chromium here; set CHROMIUM_PATH')
  await withPage({ width: 1280, height: 800 }, async (page) => {
    await signIn(page)
    await connectStore(page)
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
  if (!browser) return skip('no Chromium here; set CHROMIUM_PATH')
  await withPage({ width: 360, height: 740 }, async (page) => {
    await signIn(page)
    await page.getByLabel('What should happen?').fill('Show me the late orders')
    await page.getByRole('button', { name: 'Plan', exact: true }).click()
    await page.getByText('GET /orders').first().waitFor()
    expect(await sidewaysScroll(page)).toBe(0)
    await page.getByRole('button', { name: /^(Confirm|Run)/ }).click()
    await page.getByRole('status').filter({ hasText: 'Succeeded' }).waitFor()
    expect(await sidewaysScroll(page)).toBe(0)
  })
})

it('says what is wrong at the field when an API cannot be connected', async ({ skip }) => {
  if (!browser) return skip('no Chromium here; set CHROMIUM_PATH')
  const page = await browser.newPage()
  page.setDefaultTimeout(15_000)
  await signIn(page)
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
  const api = (method: string, path: string) =>
    fetch(`${stack.url}${path}`, { method, headers: { 'x-api-key': vars['DEV_API_KEY'] ?? '' } })
  expect((await api('POST', '/api/auth/logout')).status).toBe(200)
  expect((await api('DELETE', '/api/workflows/wfl_none')).status).toBe(404)
  expect((await api('POST', '/api/executions/run_none/cancel')).status).toBe(404)
})

it('serves the dashboard with a strict policy, and its pages by their path', async () => {
  const page = await fetch(`${stack.url}/runs/run_anything`)
  expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8'])
  expect(page.headers.get('content-security-policy')).toContain("script-src 'self'")
  expect(await page.text()).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\sstyle=/)
})
