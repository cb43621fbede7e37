import { expect, it, vi } from 'vitest'
import {
  callApi,
  linkOf,
  newcomer,
  openSettings,
  register,
  registerAt,
  sidewaysScroll,
  signIn,
  useBench,
  withPage,
} from './browser.ts'

const bench = useBench()
const desktop = { width: 1280, height: 900 }
const phone = { width: 390, height: 844 }

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
      await registerAt(bench(), page, eve)
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
      await registerAt(bench(), page, gus)
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
