import { readFile } from 'node:fs/promises'
import type { Download, Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { callApi, sidewaysScroll, signIn, useBench, withPage } from './browser.ts'
import { books, openUpstream } from './upstream.ts'

const bench = useBench()

const inputs = {
  type: 'object',
  properties: { bookId: { type: 'string', description: 'Which book' }, copies: { type: 'integer', minimum: 1 } },
  required: ['bookId'],
}

/** A workflow that asks the upstream for one book; its id. */
async function storeWorkflow(name: string, upstreamUrl: string): Promise<string> {
  const { slug } = await callApi<{ slug: string }>(bench(), 'POST', '/api/apis', {
    name: `${name} API`,
    specUrl: `${upstreamUrl}/openapi.json`,
  })
  const call = { id: 'book', type: 'api_call', api: slug, operation: 'GET /books/{bookId}' }
  const steps = [{ ...call, parameters: { bookId: '{{ input.bookId }}' } }]
  const definition = { name, inputs, steps, output: '{{ steps.book.status }}' }
  return (await callApi(bench(), 'POST', '/api/workflows', { definition })).id
}

async function textOf(download: Download): Promise<string> {
  return readFile(await download.path(), 'utf8')
}

async function saveResults(page: Page, format: string): Promise<{ name: string; text: string }> {
  const coming = page.waitForEvent('download')
  await page.getByRole('link', { name: format, exact: true }).click()
  const download = await coming
  return { name: download.suggestedFilename(), text: await textOf(download) }
}

it('marks rows that do not fit, runs the rest, says what failed and why, and resumes', async ({ skip }) => {
  const { browser } = bench()
  if (!browser) return skip('no Chromium here; set CHROMIUM_PATH')
  const upstream = await openUpstream(books)
  upstream.answer = (path) => (path.endsWith('/b_2') ? 404 : 200)
  await storeWorkflow('Look books up', upstream.url)
  await withPage(browser, { width: 1280, height: 900 }, async (page) => {
    await signIn(bench(), page)
    await page.getByRole('link', { name: 'Workflows' }).first().click()
    await page.getByRole('link', { name: 'Look books up' }).click()
    await page.getByRole('link', { name: 'Start a batch' }).click()
    const area = page.getByRole('textbox', { name: 'Inputs' })
    await area.fill('bookId,copies\nb_1,1\nb_2,none\n,3\n')
    await page.getByRole('button', { name: 'Start the batch' }).click()
    const wrong = page.getByRole('list', { name: 'Rows that do not fit' }).getByRole('listitem')
    await wrong.first().waitFor()
    expect(await wrong.allTextContents()).toEqual([
      expect.stringMatching(/^Line 3.*b_2,none.*copies/),
      expect.stringMatching(/^Line 4.*,3.*bookId/),
    ])
    await page.getByRole('button', { name: 'Go to line 3' }).click()
    expect(await page.evaluate('window.getSelection().toString()')).toBe('b_2,none')
    await page.keyboard.type('b_2,2')
    await page.getByRole('button', { name: 'Go to line 4' }).click()
    await page.keyboard.type('b_3,3')
    expect(await area.inputValue()).toBe('bookId,copies\nb_1,1\nb_2,2\nb_3,3\n')
    await page.getByRole('button', { name: 'Start the batch' }).click()

    await page.getByRole('status').filter({ hasText: 'Completed in part' }).waitFor()
    const progress = page.getByRole('progressbar', { name: 'Progress of Look books up' })
    expect(await progress.getAttribute('aria-valuetext')).toBe('3 of 3 ended')
    const failed = page.getByRole('list', { name: 'Inputs' }).getByRole('listitem')
    await failed.filter({ hasText: 'Input 2' }).filter({ hasText: '404' }).waitFor()
    expect(await failed.count()).toBe(1)

    const csv = await saveResults(page, 'CSV')
    expect(csv.name).toMatch(/^bat_.*\.csv$/)
    expect(csv.text.split('\r\n').map((line) => line.split(',').slice(0, 3))).toEqual([
      ['index', 'line', 'status'],
      ['0', '2', 'succeeded'],
      ['1', '3', 'failed'],
      ['2', '4', 'succeeded'],
      [''],
    ])
    const ndjson = await saveResults(page, 'NDJSON')
    const outputs = ndjson.text.split('\n').flatMap((line) => (line ? [JSON.parse(line).output] : []))
    expect([ndjson.name.endsWith('.ndjson'), outputs]).toEqual([true, [200, null, 200]])

    await page.getByRole('link', { name: 'Open the run of input 2' }).click()
    await page.getByRole('status').filter({ hasText: 'Failed' }).waitFor()
    await page.goBack()
    upstream.answer = () => 200
    await page.getByRole('button', { name: 'Resume' }).click()
    await page
      .getByRole('status')
      .filter({ hasText: /^Completed$/ })
      .waitFor()
    expect(await page.getByRole('button', { name: 'Resume' }).count()).toBe(0)
    await page.getByRole('list', { name: 'Inputs' }).getByText('Input 3').waitFor()
  })
  await upstream.close()
})

it('takes a file on a phone, shows how far it is, and is cancelled half-way', async ({ skip }) => {
  const { browser, stack } = bench()
  if (!browser) return skip('no Chromium here; set CHROMIUM_PATH')
  const upstream = await openUpstream(books)
  const held = Promise.withResolvers<number>()
  upstream.answer = (path) => (/b_[01]$/.test(path) ? 200 : held.promise)
  const id = await storeWorkflow('Fetch books', upstream.url)
  const rows = Array.from({ length: 8 }, (_, n) => JSON.stringify({ bookId: `b_${n}` })).join('\n')
  await withPage(browser, { width: 360, height: 740 }, async (page) => {
    await signIn(bench(), page)
    await page.goto(`${stack.url}/workflows/${id}/batch`)
    await page.getByText('From a file').click()
    await page.getByRole('button', { name: 'Start the batch' }).click()
    await page.getByText('Choose a file.').waitFor()
    await page
      .getByLabel('Choose a file, or drop it here')
      .setInputFiles({ name: 'books.ndjson', mimeType: '', buffer: Buffer.from(rows) })
    expect(await page.getByRole('radio', { name: 'NDJSON', exact: true }).isChecked()).toBe(true)
    await page.getByLabel('Runs at the same time').fill('2')
    expect(await sidewaysScroll(page)).toBe(0)
    await page.getByRole('button', { name: 'Start the batch' }).click()

    const progress = page.getByRole('progressbar', { name: 'Progress of Fetch books' })
    await page.locator('[role=progressbar][aria-valuetext="2 of 8 ended"]').waitFor()
    expect(await progress.getAttribute('aria-valuenow')).toBe('2')
    await page.getByLabel('Show').selectOption({ label: 'Waiting (4)' })
    await page.getByRole('list', { name: 'Inputs' }).getByText('Input 8').waitFor()
    expect(await sidewaysScroll(page)).toBe(0)
    await page.getByRole('button', { name: 'Cancel', exact: true }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel the batch' }).click()
    await page.getByRole('status').filter({ hasText: 'Cancelled' }).waitFor()
    await page.getByLabel('Show').selectOption({ label: 'Cancelled (6)' })

    await page.getByRole('link', { name: 'Back' }).click()
    await page.getByRole('link', { name: /Fetch books.*2 of 8 succeeded.*Cancelled/ }).click()
    held.resolve(200)
    await page.getByRole('button', { name: 'Resume' }).click()
    await page.getByRole('status').filter({ hasText: 'Completed in part' }).waitFor()
    await page.locator('dl').getByText('6', { exact: true }).waitFor()
    expect(await sidewaysScroll(page)).toBe(0)
  })
  await upstream.close()
})
