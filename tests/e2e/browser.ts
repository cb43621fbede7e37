import { randomUUID } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type Browser, type Page } from 'playwright-core'
import { afterAll, beforeAll, expect, vi } from 'vitest'
import { CHROMIUM_ARGS, findChromium } from '../../src/cli/chromium.ts'
import { stopAll } from '../../src/cli/process-group.ts'
import type { Stack } from '../../src/cli/stack.ts'
import { startThrowAway } from '../../src/cli/throw-away.ts'

const artifacts = join(import.meta.dirname, '../.artifacts')

/** A stack of the file's own, and a Chromium beside it; `browser` is undefined where there is none. */
export type Bench = { stack: Stack; vars: Record<string, string>; browser: Browser | undefined; folder: string }

/** Starts a stack and a Chromium before the tests of a file, and ends them after. */
export function useBench(): () => Bench {
  let bench: Bench
  let folder: string
  beforeAll(async () => {
    const executablePath = await findChromium()
    if (executablePath === null && process.env['CI']) throw new Error('CI needs a Chromium; set CHROMIUM_PATH')
    folder = await mkdtemp(join(tmpdir(), 'apiq-e2e-'))
    const { stack, vars } = await startThrowAway(folder, { dashboard: true, quiet: true, verbose: false })
    const browser = executablePath ? await chromium.launch({ executablePath, args: CHROMIUM_ARGS }) : undefined
    bench = { stack, vars, browser, folder }
  })
  afterAll(async () => {
    await bench?.browser?.close()
    await stopAll()
    await rm(folder, { recursive: true, force: true, maxRetries: 5 })
  })
  return () => bench
}

/**
 * Opens a page, gathers what the browser complains of, and keeps a picture when the story fails. Nobody signed in yet, and
 * input that does not fit, are what stories are about; `refusals` are statuses that this one is about besides.
 */
export async function withPage(
  browser: Browser,
  viewport: { width: number; height: number },
  story: (page: Page) => Promise<void>,
  refusals: readonly number[] = [],
): Promise<void> {
  const expected = new RegExp(` (${[401, 422, ...refusals].join('|')}) `)
  const page = await browser.newPage({ viewport })
  const complaints: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error' && !expected.test(message.text())) complaints.push(message.text())
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

/** Fills in who wants to sign in, at the page where that is done, and sends it. */
export async function giveSignIn(page: Page, email: string, password: string): Promise<void> {
  await page.getByRole('heading', { name: 'Sign in to APIQ' }).waitFor()
  await page.getByLabel('E-mail').fill(email)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
}

/** Signs the seeded user in. */
export async function signIn({ stack, vars }: Bench, page: Page): Promise<void> {
  await page.goto(stack.url)
  await giveSignIn(page, vars['DEV_USER_EMAIL'] ?? '', vars['DEV_USER_PASSWORD'] ?? '')
  await page.getByRole('link', { name: 'APIs' }).first().waitFor()
}

/** Calls the Worker with the seeded key, for what a story takes for granted. @throws Error when it is refused. */
export async function callApi<T = { id: string }>(
  { stack, vars }: Bench,
  method: string,
  path: string,
  body?: unknown,
): Promise<T> {
  const headers = { 'x-api-key': vars['DEV_API_KEY'] ?? '', ...(body ? { 'content-type': 'application/json' } : {}) }
  const response = await fetch(`${stack.url}${path}`, {
    method,
    headers,
    ...(body ? { body: JSON.stringify(body) } : {}),
  })
  const answer = (await response.json()) as { data: T }
  if (!response.ok) throw new Error(`${method} ${path}: ${JSON.stringify(answer)}`)
  return answer.data
}

/** How many pixels a page can be scrolled sideways; 0 is right. */
export async function sidewaysScroll(page: Page): Promise<number> {
  return page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')
}

/** Goes to one of the pages of the settings, by its name in their navigation. */
export async function openSettings(page: Page, name: string): Promise<void> {
  await page.getByRole('link', { name: 'Settings', exact: true }).click()
  await page.getByRole('navigation', { name: 'Settings' }).getByRole('link', { name, exact: true }).click()
}

/** Creates an account at the page where that is done. */
export async function register(page: Page, { name, email, password }: Newcomer): Promise<void> {
  await page.getByRole('link', { name: 'Create an account' }).click()
  await page.getByLabel('Name').fill(name)
  await page.getByLabel('E-mail').fill(email)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Create account' }).click()
}

/** Has somebody new create an account, and waits until they are in. */
export async function registerAt({ stack }: Bench, page: Page, who: Newcomer): Promise<void> {
  await page.goto(stack.url)
  await register(page, who)
  await page.getByRole('link', { name: 'APIs' }).first().waitFor()
}

/** Who creates an account. */
export type Newcomer = { name: string; email: string; password: string }

/** Somebody with an address of their own. */
export const newcomer = (name: string): Newcomer => ({
  name,
  email: `${name.toLowerCase()}.${randomUUID().slice(0, 8)}@example.com`,
  password: 'correct horse battery',
})

/** The link of the newest mail to an address, once it is there: mails leave after the answer. */
export function linkOf({ stack }: Bench, email: string): Promise<string> {
  return vi.waitUntil(
    async () => {
      const { data } = (await (await fetch(`${stack.url}/api/development/mails`)).json()) as { data: Mail[] }
      return data.find(({ to, link }) => to === email && link !== null)?.link ?? undefined
    },
    { timeout: 15_000, interval: 200 },
  )
}

type Mail = { to: string; link: string | null }

/** Invites somebody to the seeded workspace, and has them join it in their browser. */
export async function joinAs(bench: Bench, page: Page, part: 'member' | 'auditor', who: Newcomer): Promise<void> {
  await callApi(bench, 'POST', '/api/invitations', { email: who.email, part })
  await page.goto(await linkOf(bench, who.email))
  await register(page, who)
  await page.getByRole('button', { name: 'Join' }).click()
  await page.getByRole('link', { name: 'APIs' }).first().waitFor()
}
