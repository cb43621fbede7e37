import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type Page } from 'playwright-core'
import { CHROMIUM_ARGS, findChromium } from './chromium.ts'
import { createApi } from './api.ts'
import type { DevVars } from './dev-vars.ts'
import { stopAll } from './process-group.ts'
import { ROOT } from './root.ts'
import { STORE_KEY, type Stack } from './stack.ts'
import { CliError, runMain, say } from './terminal.ts'
import { startThrowAway } from './throw-away.ts'

const PICTURES = join(ROOT, 'docs/images')

/** Takes the pictures that the README shows, from a stack of its own: a plan to confirm, and its run. */
async function main(): Promise<void> {
  const executablePath = await findChromium()
  if (executablePath === null) throw new CliError('There is no Chromium here; set CHROMIUM_PATH.')
  const folder = await mkdtemp(join(tmpdir(), 'apiq-screenshot-'))
  try {
    const { stack, vars } = await startThrowAway(folder, { dashboard: true, quiet: false, verbose: false })
    const api = createApi(stack.url, vars['DEV_API_KEY'] ?? '')
    const auth = { type: 'apiKey', value: STORE_KEY }
    await api.call('POST', '/api/apis', { name: 'Store', specUrl: `${stack.storeUrl}/openapi.json`, auth })
    const browser = await chromium.launch({ executablePath, args: CHROMIUM_ARGS })
    const page = await browser.newPage({ viewport: { width: 1120, height: 1180 }, reducedMotion: 'reduce' })
    await takePictures(page, stack, vars)
    await browser.close()
  } finally {
    await stopAll()
    await rm(folder, { recursive: true, force: true, maxRetries: 5 })
  }
}

async function takePictures(page: Page, stack: Stack, vars: DevVars): Promise<void> {
  await page.goto(stack.url)
  await page.getByLabel('E-mail').fill(vars['DEV_USER_EMAIL'] ?? '')
  await page.getByLabel('Password').fill(vars['DEV_USER_PASSWORD'] ?? '')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByLabel('What should happen?').fill("Cancel Ada Lovelace's pending order")
  await page.getByRole('button', { name: 'Plan', exact: true }).click()
  const confirm = page.getByRole('button', { name: /^Confirm/ })
  await confirm.waitFor()
  await page.screenshot({ path: join(PICTURES, 'plan.png') })
  say(`  ${join('docs/images', 'plan.png')}`)
  await confirm.click()
  await page.getByRole('status').filter({ hasText: 'Succeeded' }).waitFor()
  await page.screenshot({ path: join(PICTURES, 'run.png') })
  say(`  ${join('docs/images', 'run.png')}`)
}

await runMain(main)
