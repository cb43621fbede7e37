import { readFile } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import {
  callApi,
  giveSignIn,
  newcomer,
  openSettings,
  register,
  registerAt,
  sidewaysScroll,
  signIn,
  useBench,
  withPage,
  type Newcomer,
} from './browser.ts'

const bench = useBench()
const desktop = { width: 1280, height: 900 }
const phone = { width: 390, height: 844 }

/** What a link saves as a file. */
async function saved(page: Page, name: string): Promise<string> {
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name }).click()])
  return readFile(await download.path(), 'utf8')
}

async function signInAs(page: Page, { email, password }: Newcomer): Promise<void> {
  await page.goto(bench().stack.url)
  await giveSignIn(page, email, password)
}

it('finds a user, gives them another role and limit, and shuts and opens their account', async ({ skip }) => {
  const { browser, stack } = bench()
  if (!browser) return skip('no Chromium here; set CHROMIUM_PATH')
  const kim = newcomer('Kim')
  await withPage(
    browser,
    phone,
    async (other) => {
      await other.goto(stack.url)
      await register(other, kim)
      await other.getByRole('link', { name: 'Settings', exact: true }).click()
      await other.getByRole('heading', { name: 'Kim', level: 1 }).waitFor()
      // Whoever may not see the users is not led to them.
      const nav = other.getByRole('navigation', { name: 'Settings' })
      expect(await nav.getByRole('link', { name: 'Users' }).count()).toBe(0)
      await withPage(browser, desktop, async (page) => {
        await signIn(bench(), page)
        await openSettings(page, 'Users')
        await page.getByRole('heading', { name: 'Developer' }).waitFor()
        await page.getByLabel('Search by name or e-mail').fill('nobody at all')
        await page.getByText('Nobody is called that.').waitFor()
        await page.getByLabel('Search by name or e-mail').fill(kim.email.toUpperCase())
        await page.getByRole('heading', { name: 'Kim' }).waitFor()
        expect(await page.getByRole('list', { name: 'Users' }).getByRole('listitem').count()).toBe(1)
        await page.getByLabel('Role of Kim').selectOption('Auditor')
        await page.getByLabel('Role of Kim').and(page.locator(':enabled')).waitFor()

        await page.getByRole('button', { name: 'Limit Kim' }).click()
        await page.getByRole('dialog').getByLabel('Requests a minute').fill('120')
        await page.getByRole('dialog').getByRole('button', { name: 'Set the limit' }).click()
        await page.getByText('120 requests a minute').waitFor()

        await other.reload()
        await openSettings(other, 'Users')
        await other.getByRole('heading', { name: 'Developer' }).waitFor()
        expect(await other.getByRole('button', { name: /able / }).count()).toBe(0)
        expect(await sidewaysScroll(other)).toBe(0)

        await page.getByRole('button', { name: 'Disable Kim' }).click()
        await page.getByRole('dialog').getByRole('button', { name: 'Disable' }).click()
        await page.getByText('Disabled', { exact: true }).waitFor()
        await signInAs(other, kim)
        await other
          .getByText(/disabled/i)
          .first()
          .waitFor()
        await page.getByRole('button', { name: 'Enable Kim' }).click()
        await page.getByText('Disabled', { exact: true }).waitFor({ state: 'detached' })
      })
      await signInAs(other, kim)
      await other.getByRole('heading', { name: 'Welcome to APIQ' }).waitFor()
    },
    [403],
  )
})

it('filters the audit log, opens an entry, exports what it filters and verifies the chain', async ({ skip }) => {
  const { browser } = bench()
  if (!browser) return skip('no Chromium here; set CHROMIUM_PATH')
  const definition = { name: 'To be found', steps: [{ id: 'a', type: 'transform', value: 1 }] }
  const { id } = await callApi(bench(), 'POST', '/api/workflows', { definition })
  await withPage(browser, desktop, async (page) => {
    await signIn(bench(), page)
    await openSettings(page, 'Audit log')
    await page.getByLabel('Action').fill('workflow.*')
    await page.getByLabel('Resource').fill(id)
    await page.getByLabel('By').selectOption('Developer')
    await page.getByRole('button', { name: 'Filter' }).click()
    const entries = page.getByRole('list', { name: 'Entries' }).getByRole('listitem')
    await entries.filter({ hasText: 'workflow.create' }).waitFor()
    await entries.nth(1).waitFor({ state: 'detached' })
    await entries.getByText('Developer by an API key').waitFor()
    await entries.getByText('Everything written down').click()
    await entries.getByRole('region', { name: 'Details' }).waitFor()
    const lines = (await saved(page, 'As NDJSON')).trim().split('\n')
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([{ action: 'workflow.create', resource: id }])
    expect((await saved(page, 'Export as CSV')).trim().split('\n')).toHaveLength(2)
    await page.getByRole('button', { name: 'Verify the chain' }).click()
    await page.getByText(/The chain is whole: [\d,]+ entr/).waitFor()
    await page.getByLabel('Outcome').selectOption('Failure')
    await page.getByRole('button', { name: 'Filter' }).click()
    await page.getByText('Nothing like that was done.').waitFor()
  })
})

it('shows what was used by key and day, and exports it', async ({ skip }) => {
  const { browser } = bench()
  if (!browser) return skip('no Chromium here; set CHROMIUM_PATH')
  await callApi(bench(), 'GET', '/api/workflows')
  const today = new Date().toISOString().slice(0, 10)
  await withPage(browser, phone, async (page) => {
    await signIn(bench(), page)
    await openSettings(page, 'Usage')
    const keys = page.getByRole('region', { name: 'Usage by key' })
    await keys.getByRole('row').filter({ hasText: 'Development key' }).waitFor()
    await keys.getByRole('row').filter({ hasText: 'People in the dashboard' }).waitFor()
    await page.getByRole('region', { name: 'Usage by day' }).getByRole('row').filter({ hasText: today }).waitFor()
    expect(await sidewaysScroll(page)).toBe(0)
    const csv = await saved(page, 'Export as CSV')
    expect(csv.split('\r\n')[0] ?? '').toContain('day,source,name,requests,units')
    expect(csv).toContain('Development key')
    expect(JSON.parse(await saved(page, 'As JSON'))).toContainEqual(expect.objectContaining({ day: today }))
    await page.getByLabel('From').fill('2020-01-01')
    await page.getByLabel('To').fill('2020-01-31')
    await page.getByRole('button', { name: 'Show' }).click()
    await page.getByText('Nothing was asked in these days.').waitFor()
  })
})

it('shows what is left of the limits, and sets how far runs may go', async ({ skip }) => {
  const { browser } = bench()
  if (!browser) return skip('no Chromium here; set CHROMIUM_PATH')
  await withPage(browser, phone, async (page) => {
    await signIn(bench(), page)
    await openSettings(page, 'Limits')
    await page.getByText('Free tier').waitFor()
    await page.getByRole('progressbar', { name: 'Left: You, a minute' }).waitFor()
    await page.getByText('50,000 steps').waitFor()
    await page.getByRole('button', { name: 'Change the limits' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Steps per run').fill('1200')
    await dialog.getByLabel('Duration of a run, in hours').fill('0.5')
    await dialog.getByLabel('Data of a run, in MB').fill('0.2')
    await dialog.getByRole('button', { name: 'Set the limits' }).click()
    expect(await dialog.locator('input:invalid').count()).toBe(1)
    await dialog.getByLabel('Data of a run, in MB').fill('20')
    await dialog.getByRole('button', { name: 'Set the limits' }).click()
    await dialog.waitFor({ state: 'hidden' })
    for (const words of ['1,200 steps', '0.5 hours', '20 MB']) await page.getByText(words).waitFor()
    expect(await sidewaysScroll(page)).toBe(0)
    await page.getByRole('button', { name: 'Change the limits' }).click()
    for (const label of ['Steps per run', 'Duration of a run, in hours', 'Data of a run, in MB'])
      await dialog.getByLabel(label).fill('')
    await dialog.getByRole('button', { name: 'Set the limits' }).click()
    await page.getByText('50,000 steps').waitFor()
  })
})

it('puts a workspace on a tier with a quota, finds it by its owner, and exports what all used', async ({ skip }) => {
  const { browser } = bench()
  if (!browser) return skip('no Chromium here; set CHROMIUM_PATH')
  const ivo = newcomer('Ivo')
  await withPage(browser, desktop, (page) => registerAt(bench(), page, ivo))
  await withPage(browser, phone, async (page) => {
    await signIn(bench(), page)
    await openSettings(page, 'Workspaces')
    await page.getByLabel('Search by name, owner or id').fill(ivo.email)
    const row = page.getByRole('listitem').filter({ hasText: ivo.email })
    await row.getByText('Free').waitFor()
    await row.getByRole('button', { name: /Change the terms/ }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Tier').selectOption('Pro')
    await dialog.getByLabel('Quota of a month').fill('5000')
    await dialog.getByRole('button', { name: 'Set the terms' }).click()
    await dialog.waitFor({ state: 'hidden' })
    await row.getByText('of 5,000 units this month').waitFor()
    expect(await sidewaysScroll(page)).toBe(0)
    expect(await saved(page, 'Export as CSV')).toMatch(/^workspaceId,workspace,tier,day/)
    expect(JSON.parse(await saved(page, 'As JSON'))).toContainEqual(expect.objectContaining({ source: 'people' }))
  })
})
