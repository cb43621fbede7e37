import { readFile } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { STORE_KEY } from '../../src/cli/stack.ts'
import { callApi, sidewaysScroll, signIn, useBench, withPage } from './browser.ts'

const bench = useBench()

it('shows what is wrong with a workflow at the step that it concerns', async ({ skip }) => {
  const { browser, stack } = bench()
  if (!browser) return skip('no Chromium here; set CHROMIUM_PATH')
  const auth = { type: 'apiKey', value: STORE_KEY }
  const specUrl = `${stack.storeUrl}/openapi.json`
  const { id: apiId, slug } = await callApi<{ id: string; slug: string }>(bench(), 'POST', '/api/apis', {
    name: 'Store',
    specUrl,
    auth,
  })
  const call = { type: 'api_call', api: slug, operation: 'GET /orders' }
  const definition = {
    name: 'Nested',
    steps: [
      { id: 'first', type: 'transform', value: 1 },
      {
        id: 'each',
        type: 'loop',
        items: [1, 2],
        as: 'n',
        steps: [
          { id: 'plain', type: 'transform', value: '{{ n }}' },
          { id: 'look', ...call },
        ],
      },
    ],
  }
  const { id } = await callApi(bench(), 'POST', '/api/workflows', { definition })
  await withPage(browser, { width: 390, height: 844 }, async (page) => {
    await signIn(bench(), page)
    await page.goto(`${stack.url}/workflows/${id}`)
    const step = (name: string) => page.locator('li').filter({ has: page.getByRole('heading', { name, exact: true }) })
    await step('look').last().getByText('GET /orders').waitFor()
    expect(await page.getByText('Wrong', { exact: true }).count()).toBe(0)
    await callApi(bench(), 'DELETE', `/api/apis/${apiId}`)
    await page.reload()
    await page.getByText('It cannot run: 1 place no longer fits').waitFor()
    await step('look').last().getByText('Wrong', { exact: true }).waitFor()
    expect(await step('plain').last().getByText('Wrong', { exact: true }).count()).toBe(0)
    expect(await sidewaysScroll(page)).toBe(0)
  })
})

it('loads a large value of a result only when it is asked for', async ({ skip }) => {
  const { browser, stack } = bench()
  if (!browser) return skip('no Chromium here; set CHROMIUM_PATH')
  const definition = {
    name: 'Much text',
    steps: [{ id: 'big', type: 'transform', value: '{{ $join([1..20000].("row " & $), ",") }}' }],
    output: { rows: 20_000, text: '{{ steps.big }}' },
  }
  const { id } = await callApi(bench(), 'POST', '/api/workflows', { definition })
  const run = await callApi(bench(), 'POST', `/api/workflows/${id}/execute`, { input: {} })
  await withPage(browser, { width: 390, height: 844 }, async (page) => {
    await signIn(bench(), page)
    const loaded: string[] = []
    page.on('request', (request) => {
      if (request.url().includes('/values/')) loaded.push(request.method())
    })
    await page.goto(`${stack.url}/runs/${run.id}`)
    const result = page.getByRole('region', { name: 'Result' }).first()
    const link = result.getByRole('link', { name: /^Load the whole value \(\d+ kB\)$/ })
    await link.waitFor()
    expect(loaded).toEqual([])
    await link.focus()
    await page.keyboard.press('Enter')
    await result.getByText('row 19999').waitFor()
    expect(loaded).toEqual(['GET'])
    expect(await sidewaysScroll(page)).toBe(0)
  })
})

it('goes back to an earlier version, copies the workflow and takes it elsewhere', async ({ skip }) => {
  const { browser, stack } = bench()
  if (!browser) return skip('no Chromium here; set CHROMIUM_PATH')
  const definition = (name: string) => ({ name, steps: [{ id: 'a', type: 'transform', value: 1 }] })
  const { id } = await callApi(bench(), 'POST', '/api/workflows', { definition: definition('As it was') })
  await callApi(bench(), 'PATCH', `/api/workflows/${id}`, { definition: definition('As it is') })
  await withPage(browser, { width: 390, height: 844 }, async (page) => {
    await signIn(bench(), page)
    await page.goto(`${stack.url}/workflows/${id}`)
    await page.getByRole('heading', { name: 'As it is', level: 1 }).waitFor()
    await page.getByRole('button', { name: 'Go back to version 1' }).click()
    await page.getByRole('heading', { name: 'As it was', level: 1 }).waitFor()
    const versions = page.getByRole('list', { name: 'Versions' }).getByRole('listitem')
    await versions.filter({ hasText: 'Version 3' }).getByText('Current').waitFor()
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Export as Arazzo' }).click(),
    ])
    expect(await readFile(await download.path(), 'utf8')).toMatch(/^arazzo: ['"]?1\.0\.1/)
    await page.getByRole('button', { name: 'Duplicate' }).click()
    await page.getByRole('heading', { name: 'As it was (copy)', level: 1 }).waitFor()
    expect(await sidewaysScroll(page)).toBe(0)
  })
})
