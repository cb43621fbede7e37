import type { Page } from 'playwright-core'
import { expect, it, vi } from 'vitest'
import { totp } from '../totp.ts'
import {
  callApi,
  linkOf,
  newcomer,
  openSettings,
  register,
  sidewaysScroll,
  signIn,
  useBench,
  withPage,
  type Newcomer,
} from './browser.ts'

const bench = useBench()
const desktop = { width: 1280, height: 900 }
const phone = { width: 390, height: 844 }

/** A page on which somebody new has just created an account. */
async function registered(page: Page, who: Newcomer): Promise<void> {
  await page.goto(bench().stack.url)
  await register(page, who)
  await page.getByRole('link', { name: 'APIs' }).first().waitFor()
}

const section = (page: Page, name: string) => page.getByRole('region', { name })

it('invites somebody by e-mail, who joins by the link on a phone, becomes an auditor and is taken out', async ({
  skip,
}) => {
  const { browser } = bench()
  if (!browser) return skip('no Chromium here; set CHROMIUM_PATH')
  const [bob, carol] = [newcomer('Bob'), newcomer('Carol')]
  await withPage(browser, desktop, async (page) => {
    await signIn(bench(), page)
    await openSettings(page, 'Workspace')
    await page.getByLabel('Name of the workspace').fill('The shop')
    await page.getByRole('button', { name: 'Rename' }).click()
    await page.getByRole('button', { name: 'Workspace: The shop' }).waitFor()
    const dialog = page.getByRole('dialog')
    for (const { email } of [bob, carol]) {
      await page.getByRole('button', { name: 'Invite somebody' }).click()
      await dialog.getByLabel('E-mail').fill(email)
      await dialog.getByRole('button', { name: 'Send the invitation' }).click()
      await dialog.waitFor({ state: 'hidden' })
    }
    await page.getByRole('button', { name: `Take back the invitation of ${carol.email}` }).click()
    await page.getByText(carol.email).waitFor({ state: 'detached' })
    // What a mail client would show, the page of e-mails does in development.
    await openSettings(page, 'E-mails')
    const mail = page.getByRole('listitem').filter({ hasText: bob.email })
    const link = (await mail.getByRole('link', { name: 'Open its link' }).getAttribute('href')) ?? ''

    await withPage(browser, phone, async (other) => {
      await other.goto(link)
      await register(other, bob)
      await other.getByRole('heading', { name: 'You are invited' }).waitFor()
      expect(await sidewaysScroll(other)).toBe(0)
      await other.getByRole('button', { name: 'Join' }).click()
      await other.getByRole('button', { name: 'Workspace: The shop' }).click()
      await other
        .getByRole('dialog')
        .getByRole('button', { name: /My workspace/ })
        .click()
      await other.getByRole('button', { name: 'Workspace: My workspace' }).waitFor()
      await other.getByRole('button', { name: 'Workspace: My workspace' }).click()
      await other
        .getByRole('dialog')
        .getByRole('button', { name: /The shop/ })
        .click()
      await other.getByRole('button', { name: 'Workspace: The shop' }).waitFor()
      await openSettings(other, 'Workspace')
      await other.getByText('You are its member').waitFor()
      expect(await other.getByRole('button', { name: 'Invite somebody' }).count()).toBe(0)
      expect(await sidewaysScroll(other)).toBe(0)

      await openSettings(page, 'Workspace')
      await page.getByLabel('Role of Bob').selectOption('Auditor')
      await page.getByLabel('Role of Bob').and(page.locator(':enabled')).waitFor()
      await other.reload()
      await other.getByText('You are its auditor').waitFor()
      await other.getByRole('heading', { name: 'Members' }).waitFor()
      expect(await other.getByRole('button', { name: /Remove|Invite/ }).count()).toBe(0)

      await page.getByRole('button', { name: 'Remove Bob' }).click()
      await dialog.getByRole('button', { name: 'Remove' }).click()
      await page.getByRole('heading', { name: 'Bob', exact: true }).waitFor({ state: 'detached' })
      await other.reload()
      await other.getByRole('button', { name: 'Workspace: My workspace' }).waitFor()
    })
  })
})

it('says what is wrong with an invitation, and lets the right one accept it', async ({ skip }) => {
  const { browser } = bench()
  if (!browser) return skip('no Chromium here; set CHROMIUM_PATH')
  const [dora, eve] = [newcomer('Dora'), newcomer('Eve')]
  await callApi(bench(), 'POST', '/api/invitations', { email: dora.email, part: 'member' })
  const who = async () => (await callApi<{ email: string }[]>(bench(), 'GET', '/api/members')).map(({ email }) => email)
  await withPage(
    browser,
    desktop,
    async (page) => {
      await registered(page, eve)
      await page.goto(`${bench().stack.url}/invitation`)
      await page.getByText('The link is not complete').waitFor()
      await page.goto(await linkOf(bench(), dora.email))
      await page.getByRole('button', { name: 'Join' }).click()
      await page.getByText(`The invitation is for ${dora.email}`).waitFor()
      await page.getByRole('button', { name: 'Sign in as somebody else' }).click()
      await register(page, dora)
      await page.getByRole('button', { name: 'Join' }).click()
      await vi.waitUntil(async () => (await who()).includes(dora.email))
      expect(await who()).not.toContain(eve.email)
    },
    [403],
  )
})

it('makes a workspace, finds nothing of the other in it, and leaves it', async ({ skip }) => {
  const { browser } = bench()
  if (!browser) return skip('no Chromium here; set CHROMIUM_PATH')
  const gus = newcomer('Gus')
  await withPage(
    browser,
    desktop,
    async (page) => {
      await registered(page, gus)
      await openSettings(page, 'API keys')
      await page.getByRole('button', { name: 'New API key' }).click()
      const dialog = page.getByRole('dialog')
      await dialog.getByLabel('Name').fill('Only here')
      await dialog.getByRole('button', { name: 'Make the key' }).click()
      await dialog.getByRole('button', { name: 'I have kept it' }).click()
      await page.getByRole('heading', { name: 'Only here' }).waitFor()
      await page.getByRole('button', { name: 'Workspace: My workspace' }).focus()
      await page.keyboard.press('Enter')
      await dialog.getByRole('button', { name: 'New workspace' }).click()
      await dialog.getByLabel('Name').fill('Second')
      await page.keyboard.press('Enter')
      await page.getByRole('button', { name: 'Workspace: Second' }).waitFor()
      await openSettings(page, 'API keys')
      await page.getByText('No program calls APIQ with a key yet.').waitFor()
      expect(await page.content()).not.toContain('Only here')
      await openSettings(page, 'Workspace')
      await page.getByRole('button', { name: 'Leave the workspace' }).click()
      await dialog.getByRole('button', { name: 'Leave' }).click()
      // Its only owner stays, and is told why.
      await dialog.getByText('needs an owner').waitFor()
      await page.keyboard.press('Escape')
      await page.getByRole('button', { name: 'Workspace: Second' }).click()
      await dialog.getByRole('button', { name: /My workspace/ }).click()
      await openSettings(page, 'API keys')
      await page.getByRole('heading', { name: 'Only here' }).waitFor()
    },
    [409],
  )
})

it('changes name, e-mail and password, and sets the second factor up, renews its codes and turns it off', async ({
  skip,
}) => {
  const { browser, stack } = bench()
  if (!browser) return skip('no Chromium here; set CHROMIUM_PATH')
  const hana = newcomer('Hana')
  const next = newcomer('Hanako')
  await withPage(browser, desktop, async (page) => {
    await registered(page, hana)
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
    await page.getByRole('heading', { name: 'Sign in to APIQ' }).waitFor()
    await page.getByLabel('E-mail').fill(next.email)
    await page.getByLabel('Password').fill('another horse battery')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('heading', { name: 'One more step' }).waitFor()
    await page.getByRole('button', { name: 'Use a recovery code' }).click()
    await page.getByLabel('Recovery code').fill(recovery)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('link', { name: 'Settings', exact: true }).click()
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
    await registered(page, ivo)
    await withPage(browser, desktop, async (other) => {
      await other.goto(stack.url)
      await other.getByLabel('E-mail').fill(ivo.email)
      await other.getByLabel('Password').fill(ivo.password)
      await other.getByRole('button', { name: 'Sign in' }).click()
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
    await page.getByRole('heading', { name: 'Sign in to APIQ' }).waitFor()
    await page.getByLabel('E-mail').fill(ivo.email)
    await page.getByLabel('Password').fill(ivo.password)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('alert').waitFor()
  })
})
