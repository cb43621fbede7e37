import { expect, it } from 'vitest'
import { writeMultipart } from '../src/steps/multipart.ts'

/** What a server reads out of a form. */
async function received(body: Record<string, unknown>, schema = {}): Promise<FormData> {
  const { contentType, text } = writeMultipart(body, schema)
  return new Response(text, { headers: { 'content-type': contentType } }).formData()
}

it('is a form whose fields a server reads back: text, numbers, lists, objects', async () => {
  const form = await received({ name: 'Ada "A" Byron', sum: 5, tag: ['a', 'b'], meta: { x: 1 }, none: null })
  expect([...form.keys()]).toEqual(['name', 'sum', 'tag', 'tag', 'meta'])
  expect([form.get('name'), form.get('sum'), form.getAll('tag')]).toEqual(['Ada "A" Byron', '5', ['a', 'b']])
  expect(form.get('meta')).toBe('{"x":1}')
})

it('sends as a file what the schema says is binary', async () => {
  const schema = { type: 'object', properties: { upload: { type: 'string', format: 'binary' } } }
  const file = (await received({ upload: 'line one\r\nline two' }, schema)).get('upload')
  expect(file).toBeInstanceOf(File)
  expect(await (file as unknown as File).text()).toBe('line one\r\nline two')
})

it('cannot be broken out of: neither a name nor a value ends a part', async () => {
  const evil = 'x\r\n--apiq-form\r\nContent-Disposition: form-data; name="admin"\r\n\r\ntrue'
  const form = await received({ 'a"\r\nb': evil })
  expect([...form.keys()]).toHaveLength(1)
  expect([...form.values()]).toEqual([evil])
})

it('is the same for the same body, so that a repeated call is recognised as one', () => {
  const body = { a: 1, b: 'apiq-form' }
  expect(writeMultipart(body, {})).toEqual(writeMultipart(body, {}))
})
