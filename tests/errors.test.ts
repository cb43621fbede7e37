import { expect, it } from 'vitest'
import { problems } from '../src/errors.ts'
import { writeErrorReference } from '../src/health/error-reference.ts'
import reference from '../docs/errors.md?raw'

const sources = import.meta.glob<string>('../src/**/*.ts', { query: '?raw', import: 'default', eager: true })

it('the error reference is what the code answers (npm run docs:errors writes it)', () => {
  expect(reference).toBe(writeErrorReference())
})

it('every code that is thrown is listed, and every code that is listed is used', () => {
  const code = Object.values(sources).join('\n')
  const thrown = [...code.matchAll(/new AppError\(\s*'([A-Z_]+)'/g)].map((match) => match[1] ?? '')
  expect(thrown.length).toBeGreaterThan(100)
  expect(thrown.filter((name) => !reference.includes(`## ${name}\n`))).toEqual([])
  const unused = Object.keys(problems).filter((name) => (code.match(new RegExp(`\\b${name}\\b`, 'g'))?.length ?? 0) < 2)
  expect(unused).toEqual([])
})
