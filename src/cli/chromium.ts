import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { chromium } from 'playwright-core'
import { ROOT } from './root.ts'

const run = promisify(execFile)

const KNOWN = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
]

/** Flags under which Chromium runs anywhere and asks nobody on the network for anything. */
export const CHROMIUM_ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/**
 * The path of a Chromium: `CHROMIUM_PATH`, one that is installed, or one installed now, by the system's package manager
 * where this process may use it, else by Playwright. Null where none of these gives one.
 */
export async function findChromium(): Promise<string | null> {
  const found = lookAround()
  if (found) return found
  for (const install of [withApt, withPlaywright]) {
    try {
      await install()
      const installed = lookAround()
      if (installed) return installed
    } catch {
      // The next way may do.
    }
  }
  return null
}

function lookAround(): string | null {
  const wished = process.env['CHROMIUM_PATH']
  const paths = [...(wished ? [wished] : []), ...KNOWN, chromium.executablePath()]
  return paths.find((path) => path !== '' && existsSync(path)) ?? null
}

async function withApt(): Promise<void> {
  if (process.getuid?.() !== 0) throw new Error('only root may install packages')
  await run('apt-get', ['update', '-qq'])
  await run('apt-get', ['install', '-y', '-qq', 'chromium'])
}

async function withPlaywright(): Promise<void> {
  await run(process.execPath, [join(ROOT, 'node_modules/playwright-core/cli.js'), 'install', 'chromium'])
}
