import type { Page } from 'playwright-core'
import type { Locator } from 'playwright-core'
import decodeQr from 'qr/decode.js'
import { expect, it } from 'vitest'
import { totp } from '../totp.ts'
import { giveSignIn, linkOf, newcomer, registerAt, sidewaysScroll, useBench, withPage } from './browser.ts'

const bench = useBench()
const desktop = { width: 1280, height: 900 }
const phone = { width: 390, height: 844 }

const section = (page: Page, name: string) => page.getByRole('region', { name })

it('changes name, e-mail and password, and sets the second factor up, renews its codes and turns it off', async ({
  skip,
}) => {
  const { browser, stack } = bench()
  if (!browser) return skip('no Chromium here; set CHROMIUM_PATH')
  const hana = newcomer('Hana')
  const next = newcomer('Hanako')
  await withPage(browser, desktop, async (page) => {
    await registerAt(bench(), page, hana)
    await page.getByRole('link', { name: 'Settings', exact: true }).click()
    await page.getByLabel('Your name').fill('Hanako')
    await page.getByRole('button', { name: 'Change the name' }).click()
    await page.getByRole('heading', { name: 'Hanako', level: 1 }).waitFor()

    const mail = section(page, 'E-mail')
    await mail.getByText('Not confirmed').waitFor()
    await mail.getByLabel('New e-mail').fill(next.email)
    await mail.getByLabel('Password').fill('a wrong password')
    await mail.getByRole('button', { name: 'Change the e-mail' }).click()
    await mail.getByText('The password is wrong.').first().waitFor()
    await mail.getByLabel('Password').fill(hana.password)
    await mail.getByRole('button', { name: 'Change the e-mail' }).click()
    await mail.getByText(`A link is on its way to ${next.email}.`).waitFor()
    await page.goto(await linkOf(bench(), next.email))
    await page.getByRole('button', { name: 'Confirm' }).click()
    await page.getByText('Your e-mail address is confirmed.').waitFor()
    await page.goto(`${stack.url}/settings`)
    await mail.getByText('Confirmed', { exact: true }).waitFor()

    const password = section(page, 'Password')
    await password.getByLabel('Current password').fill(hana.password)
    await password.getByLabel('New password').fill('another horse battery')
    await password.getByRole('button', { name: 'Change password' }).click()
    await password.getByText('Changed. Other sessions are signed out.').waitFor()

    const factor = section(page, 'Two-factor authentication')
    const dialog = page.getByRole('dialog')
    await factor.getByRole('button', { name: 'Set it up' }).click()
    await dialog.getByLabel('Password').fill('another horse battery')
    await dialog.getByRole('button', { name: 'Go on' }).click()
    const secret = (await dialog.getByRole('group', { name: 'Key' }).locator('code').textContent()) ?? ''
    expect(await readQrCode(dialog.getByRole('img', { name: 'QR code of the key' }))).toContain(`secret=${secret}&`)
    const codes = dialog.getByRole('list', { name: 'Recovery codes' }).getByRole('listitem')
    const first = await codes.allTextContents()
    expect(first.length).toBeGreaterThan(4)
    await dialog.getByLabel('Code that the app shows').fill(totp(secret))
    await dialog.getByRole('button', { name: 'Turn it on' }).click()
    await factor.getByText('On', { exact: true }).waitFor()

    await factor.getByRole('button', { name: 'New recovery codes' }).click()
    await dialog.getByLabel('Password').fill('another horse battery')
    await dialog.getByRole('button', { name: 'Make new codes' }).click()
    await codes.first().waitFor()
    const [recovery = ''] = await codes.allTextContents()
    expect(first).not.toContain(recovery)
    await dialog.getByRole('button', { name: 'I have kept them' }).click()

    await page.getByRole('banner').getByRole('button', { name: 'Sign out' }).click()
    await giveSignIn(page, next.email, 'another horse battery')
    await page.getByRole('heading', { name: 'One more step' }).waitFor()
    // Where a sign-in by a provider is sent to for the second factor.
    await page.goto(new URL('/login?second_factor=required&next=%2Fsettings', page.url()).href)
    await page.getByRole('button', { name: 'Use a recovery code' }).click()
    await page.getByLabel('Recovery code').fill(recovery)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await factor.getByRole('button', { name: 'Turn it off' }).click()
    await dialog.getByLabel('Password').fill('another horse battery')
    await dialog.getByRole('button', { name: 'Turn it off' }).click()
    await factor.getByText('Off', { exact: true }).waitFor()
  })
})

it('ends a session from afar, and deletes the account, on a phone', async ({ skip }) => {
  const { browser, stack } = bench()
  if (!browser) return skip('no Chromium here; set CHROMIUM_PATH')
  const ivo = newcomer('Ivo')
  await withPage(browser, phone, async (page) => {
    await registerAt(bench(), page, ivo)
    await withPage(browser, desktop, async (other) => {
      await other.goto(stack.url)
      await giveSignIn(other, ivo.email, ivo.password)
      await other.getByRole('link', { name: 'Settings', exact: true }).waitFor()
      await page.getByRole('link', { name: 'Settings', exact: true }).click()
      const sessions = page.getByRole('list', { name: 'Sessions' }).getByRole('listitem')
      await sessions.nth(1).waitFor()
      await sessions.getByRole('button', { name: 'Sign out' }).click()
      await sessions.nth(1).waitFor({ state: 'detached' })
      await other.reload()
      await other.getByRole('heading', { name: 'Sign in to APIQ' }).waitFor()
    })
    expect(await sidewaysScroll(page)).toBe(0)
    await page.getByRole('button', { name: 'Delete my account' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Password').fill(ivo.password)
    await dialog.getByRole('button', { name: 'Delete it for good' }).click()
    await giveSignIn(page, ivo.email, ivo.password)
    await page.getByRole('alert').waitFor()
  })
})

/** What a QR code says, drawn as one path of squares. */
async function readQrCode(svg: Locator): Promise<string> {
  const path = (await svg.locator('path').getAttribute('d')) ?? ''
  const modules = Number((await svg.getAttribute('viewBox'))?.split(' ')[2])
  const [scale, width] = [4, modules * 4]
  const data = new Uint8ClampedArray(width * width * 4).fill(255)
  for (const [, x, y] of path.matchAll(/M(\d+) (\d+)/g))
    for (let line = 0; line < scale; line++) {
      const start = ((Number(y) * scale + line) * width + Number(x) * scale) * 4
      data.fill(0, start, start + scale * 4)
    }
  return decodeQr({ width, height: width, data })
}
