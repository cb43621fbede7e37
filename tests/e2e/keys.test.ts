import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { ROOT } from '../../src/cli/root.ts'
import { openSettings, sidewaysScroll, signIn, useBench, withPage } from './browser.ts'

const bench = useBench()

it('makes a key and shows it once, rotates and revokes it', async ({ skip }) => {
  const { browser, stack } = bench()
  if (!browser) return skip('no Chromium here')
  const status = async (token: string) =>
    (await fetch(`${stack.url}/api/auth/test`, { headers: { 'x-api-key': token } })).status
  await withPage(browser, { width: 1120, height: 900 }, async (page) => {
    await signIn(bench(), page)
    await openSettings(page, 'API keys')
    await page.getByRole('button', { name: 'New API key' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Name').fill('Billing export')
    await dialog.getByLabel(/^execute/).check()
    await dialog.getByLabel('Only from these addresses').fill('not an address')
    await dialog.getByRole('button', { name: 'Make the key' }).click()
    await dialog.getByText('must be an IP address', { exact: false }).first().waitFor()
    await dialog.getByLabel('Only from these addresses').fill('')
    await dialog.getByRole('button', { name: 'Make the key' }).click()
    const shown = dialog.getByRole('group', { name: 'API key' }).locator('code')
    const first = (await shown.textContent()) ?? ''
    expect(first).toMatch(/^apiq_dev_\w{40}$/)
    expect(await status(first)).toBe(200)
    await dialog.getByRole('button', { name: 'I have kept it' }).click()

    const row = page.getByRole('listitem').filter({ hasText: 'Billing export' })
    await row.getByText(`…${first.slice(-4)}`).waitFor()
    await row.getByText('read, execute').waitFor()
    expect(await page.content()).not.toContain(first)

    await row.getByRole('button', { name: 'Edit Billing export' }).click()
    await dialog.getByLabel(/^execute/).uncheck()
    await dialog.getByLabel('Requests a minute').fill('50')
    await dialog.getByLabel('It expires').selectOption('never')
    await dialog.getByRole('button', { name: 'Save' }).click()
    await dialog.waitFor({ state: 'hidden' })
    await row.getByText('read', { exact: true }).waitFor()
    await row.getByText('Never').last().waitFor()
    const held = await fetch(`${stack.url}/api/auth/test`, { headers: { 'x-api-key': first } })
    expect(((await held.json()) as { data: unknown }).data).toMatchObject({ scopes: ['read'], requestsPerMinute: 50 })

    await row.getByRole('button', { name: 'Rotate Billing export' }).click()
    await dialog.getByLabel('The key until now still works').selectOption({ label: 'No longer' })
    await dialog.getByRole('button', { name: 'Rotate' }).click()
    await page.getByRole('dialog', { name: 'The new key of Billing export' }).waitFor()
    const second = (await shown.textContent()) ?? ''
    await dialog.getByRole('button', { name: 'I have kept it' }).click()
    expect([await status(first), await status(second)]).toEqual([401, 200])

    await row.getByRole('button', { name: 'Revoke Billing export' }).click()
    await dialog.getByRole('button', { name: 'Revoke' }).click()
    await row.waitFor({ state: 'detached' })
    expect(await status(second)).toBe(401)
    await page.getByRole('button', { name: 'Ended ones too' }).click()
    await row.getByText('Revoked').first().waitFor()
  })
})

it('fits a phone', async ({ skip }) => {
  const { browser } = bench()
  if (!browser) return skip('no Chromium here')
  await withPage(browser, { width: 375, height: 800 }, async (page) => {
    await signIn(bench(), page)
    await openSettings(page, 'API keys')
    await page.getByRole('heading', { name: 'Development key' }).waitFor()
    expect(await sidewaysScroll(page)).toBe(0)
    await page.getByRole('button', { name: 'New API key' }).click()
    await page.getByRole('dialog').getByLabel('Name').waitFor()
    expect(await sidewaysScroll(page)).toBe(0)
  })
})

it('takes a key that an operator made in the terminal, with what it was given and no more', async () => {
  const { stack, folder, vars } = bench()
  const make = promisify(execFile)
  const script = join(ROOT, 'src/cli/create-key.ts')
  const local = ['--persist-to', join(folder, 'state'), '--user', vars['DEV_USER_EMAIL'] ?? '']
  const limits = ['--per-minute', '2', '--per-day', '50', '--allowed-ips', '127.0.0.0/8']
  const { stdout } = await make(process.execPath, [script, '--name', "o'key", '--scopes', 'read', ...limits, ...local])
  const key = /apiq_dev_\w{40}/.exec(stdout)?.[0] ?? ''
  const ask = (path: string, init: RequestInit = {}) =>
    fetch(`${stack.url}${path}`, { ...init, headers: { authorization: `Bearer ${key}` } })
  const me = (await (await ask('/api/v1/auth/test')).json()) as { data: { scopes: string[]; limits: object[] } }
  expect(me.data.scopes).toEqual(['read'])
  expect(me.data.limits).toContainEqual(expect.objectContaining({ of: 'key', window: 'day', limit: 50 }))
  expect((await ask('/api/keys/key_none', { method: 'DELETE' })).status).toBe(403)
  expect((await ask('/api/keys')).status).toBe(429)
  const wrong = make(process.execPath, [script, '--name', 'x', '--scopes', 'fly', ...local])
  await expect(wrong).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining('scopes') })
})
