import fc from 'fast-check'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { serveFolder } from '../src/cli/corpus/serve-folder.ts'
import { addArguments, compareArguments, leavesOf, sameValue } from '../src/cli/eval/arguments.ts'
import { crossValidated, readCases, tenthsOf } from '../src/cli/eval/calibrate.ts'
import { areaUnder, fitLogistic, oddsOf } from '../src/cli/eval/logistic.ts'
import { countFlows, hasAllAt, isCorrectPath, isExactPath, precision, recallAt } from '../src/cli/eval/metrics.ts'
import { flowsOf } from '../src/cli/eval/planned.ts'
import { readQuestions } from '../src/cli/eval/questions.ts'
import { summarise, writeMarkdown } from '../src/cli/eval/report.ts'
import { runQuestions } from '../src/cli/eval/run.ts'
import { splitQuestions } from '../src/cli/eval/split.ts'
import { f1, mean, share } from '../src/cli/eval/statistics.ts'
import { bundleWorker, startIsolate } from '../src/cli/isolate.ts'
import { MEANT_SIGNS } from '../src/planner/retrieve/meant.ts'
import type { Plan } from '../src/planner/schema.ts'
import { SIGNS } from '../src/planner/show/confidence.ts'
import { operationName } from '../src/specs/operation.ts'
import { prepareDocument } from '../src/specs/prepare.ts'

describe('retrieval', () => {
  it('counts distinct gold operations among the first k', () => {
    expect(recallAt(['a', 'b', 'a'], ['x', 'b', 'a'], 2)).toBe(0.5)
    expect(hasAllAt(['a', 'b'], ['x', 'b', 'a'], 3)).toBe(true)
    expect(hasAllAt(['a', 'b'], ['x', 'b', 'a'], 2)).toBe(false)
  })
})

describe('how sure', () => {
  const cases = [...Array(40).keys()].map((at) => ({
    input: [at % 10, 1],
    right: at % 10 > 5 ? 1 : 0,
    unit: `${at % 7}`,
  }))

  it('is learned from what is right', () => {
    const weights = fitLogistic(cases)
    expect([oddsOf(weights, [9, 1]) > 0.8, oddsOf(weights, [0, 1]) < 0.2]).toEqual([true, true])
  })

  it('is held against what was not learned from, and told by tenths', () => {
    const held = crossValidated(cases)
    expect(areaUnder(held)).toBeGreaterThan(0.9)
    expect(
      tenthsOf(held)
        .match(/(\d+) plans/g)
        ?.reduce((sum, text) => sum + Number.parseInt(text, 10), 0),
    ).toBe(40)
    expect(areaUnder(held.map(({ right }) => ({ right, odds: -right })))).toBe(0)
  })
})

describe('paths', () => {
  it.each([
    [['a', 'b'], ['a', 'x', 'b'], true, true],
    [['a', 'b'], ['b', 'a'], true, false],
    [['a', 'b'], ['b', 'a'], false, true],
    [['a', 'a'], ['a'], true, false],
    [['a', 'a'], ['a', 'x', 'a'], true, true],
    [['a'], [], true, false],
  ])('%j within %j, ordered %s: %s', (gold, plan, ordered, expected) => {
    expect(isCorrectPath(gold, plan, ordered)).toBe(expected)
  })

  it('an exact path has no other calls', () => {
    expect([isExactPath(['a'], ['a'], true), isExactPath(['a'], ['a', 'b'], true)]).toEqual([true, false])
  })

  it('precision counts a call as often as the gold has it', () => {
    expect([precision(['a', 'b'], ['a', 'a', 'b', 'c']), precision(['a'], [])]).toEqual([0.5, null])
  })

  const path = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 6 })
  it('an exact path is a correct one of full precision, in any order that an ordered one has', () => {
    fc.assert(
      fc.property(path, path, (gold, plan) => {
        const [correct, exact] = [isCorrectPath(gold, plan, true), isExactPath(gold, plan, true)]
        expect(exact).toBe(gold.join() === plan.join())
        expect(correct && !isCorrectPath(gold, plan, false)).toBe(false)
        expect(plan.length > 0 && isExactPath(gold, plan, false) && precision(gold, plan) !== 1).toBe(false)
      }),
    )
  })
})

describe('arguments', () => {
  it('are the leaves of what is given, without what is empty', () => {
    expect(leavesOf({ a: { b: 1 }, list: [1, 2], rows: [{ c: 'x' }], none: '', id: '$var1.id$' }, 'body')).toEqual([
      { in: 'body', name: 'a.b', value: 1, reference: false },
      { in: 'body', name: 'list', value: [1, 2], reference: false },
      { in: 'body', name: 'rows.c', value: 'x', reference: false },
      { in: 'body', name: 'id', value: '$var1.id$', reference: true },
    ])
  })

  it('are compared by name, place and value', () => {
    const gold = leavesOf({ city: 'Rome', limit: 3 }, 'query')
    const right = compareArguments(gold, leavesOf({ city: 'rome', limit: '3' }, 'query'))
    expect(right).toMatchObject({ named: 2, placed: 2, compared: 2, equal: 2, exact: 1 })
    const wrong = compareArguments(gold, leavesOf({ city: 'Oslo', other: 1 }, 'body'))
    expect(wrong).toMatchObject({ gold: 2, given: 2, named: 1, placed: 0, equal: 0, exact: 0 })
    expect(compareArguments([], null)).toMatchObject({ calls: 1, exact: 0 })
    expect(addArguments([right, wrong])).toMatchObject({ gold: 4, named: 3, calls: 2, exact: 1 })
  })

  it('of an earlier call have no value to compare, but have to come out of a call', () => {
    const gold = leavesOf({ id: '$var1.id$' }, null)
    expect(compareArguments(gold, leavesOf({ id: '{{ steps.a.body.id }}' }, null))).toMatchObject({
      compared: 0,
      exact: 1,
    })
    expect(compareArguments(gold, leavesOf({ id: '7' }, null))).toMatchObject({ compared: 0, exact: 0 })
  })

  it.each([
    [1, '1', true],
    [10.5, '10.50', true],
    ['2026-01-05T00:00:00Z', '2026-01-05', true],
    [['a', 'B'], ['A', 'b'], true],
    [['a'], 'a', true],
    ['a', 'b', false],
    ['', '0', false],
  ])('%j and %j are the same: %s', (one, other, expected) => expect(sameValue(one, other)).toBe(expected))
})

describe('data flow', () => {
  const call = (id: string, operation: string, parameters = {}) =>
    ({ id, type: 'api_call', api: 'x', operation, parameters }) as const

  it('is followed through loops and transforms', () => {
    const steps = [
      call('a', 'GET /a'),
      { id: 't', type: 'transform', value: '{{ steps.a.body[0] }}' },
      call('b', 'GET /b/{id}', { id: '{{ steps.t.id }}' }),
      {
        id: 'each',
        type: 'loop',
        items: '{{ steps.a.body }}',
        as: 'one',
        steps: [call('c', 'GET /c/{id}', { id: '{{ one.id }}', given: 'x' })],
      },
    ]
    const flows = flowsOf({ definition: { name: 'x', steps } } as unknown as Plan)
    expect(flows).toEqual([
      { from: 'GET /a', to: 'GET /b/{id}', param: 'id' },
      { from: 'GET /a', to: 'GET /c/{id}', param: 'id' },
    ])
    const gold = [{ from: 'GET /a', to: 'GET /c/{id}', param: 'ID' }]
    expect(countFlows(gold, flows)).toEqual({ gold: 1, given: 2, right: 1 })
  })
})

describe('figures', () => {
  it('come with intervals', () => {
    const { low, high } = share(8, 10)
    expect([low.toFixed(2), high.toFixed(2)]).toEqual(['0.49', '0.94'])
    expect(mean([0, 1, 1, 0])).toEqual(mean([0, 1, 1, 0]))
    expect([f1(1, 2, 2), share(0, 0).value]).toEqual([0.5, Number.NaN])
  })
})

describe('the questions of the project', () => {
  it('are answered by operations that their documents have', async () => {
    const folder = join(import.meta.dirname, 'questions')
    const questions = await readQuestions(folder, '')
    const known = new Map<string, Set<string>>()
    for (const spec of new Set(questions.flatMap(({ specs }) => specs))) {
      const { operations } = prepareDocument(await readFile(join(folder, spec), 'utf8'), null)
      known.set(spec, new Set([...operations()].map(operationName)))
    }
    expect(questions.length).toBe(80)
    expect(
      questions.flatMap(({ gold, specs }) => gold.filter((each) => !specs.some((spec) => known.get(spec)?.has(each)))),
    ).toEqual([])
  })
})

describe('questions', () => {
  let folder: string
  const lines = (file: string, rows: object[]) =>
    writeFile(join(folder, file), rows.map((row) => JSON.stringify(row)).join('\n'))

  const document = {
    openapi: '3.1.0',
    info: { title: 'Boats', version: '1' },
    servers: [{ url: 'https://boats.example' }],
    paths: {
      '/boats': {
        get: {
          summary: 'List boats',
          parameters: [{ name: 'limit', in: 'query', schema: { type: 'integer' } }],
          responses: { 200: { description: 'ok' } },
        },
      },
    },
  }

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'apiq-eval-test-'))
    await writeFile(join(folder, 'boats.json'), JSON.stringify(document))
    await writeFile(join(folder, 'cars.json'), JSON.stringify({ ...document, info: { title: 'Cars', version: '1' } }))
    const args = { path: {}, query: { limit: 3 }, body: {}, header: {} }
    await lines('calls.jsonl', [
      { id: 'c1', query: 'List the first 3 boats', spec: 'boats.json', gold: ['GET /boats'], args },
      { id: 'c2', query: 'Show boats', spec: 'cars.json', gold: ['GET /boats'] },
      {
        id: 'c3',
        query: 'Sail to the moon',
        spec: 'boats.json',
        gold: [{ name: 'x' }],
        gold_ops: [null],
        valid: false,
      },
    ])
    await lines('sets.jsonl', [
      { id: 's1', query: 'Prune the roses', specs: ['boats.json', 'cars.json'], gold: ['GET /roses'], ordered: false },
    ])
  })
  afterAll(async () => rm(folder, { recursive: true }))

  it('are read whatever the file is called, and without those that have no answer', async () => {
    const questions = await readQuestions(folder, '')
    expect(questions.map(({ id, ordered, calls }) => [id, ordered, calls?.length ?? null])).toEqual([
      ['c1', true, 1],
      ['c2', true, null],
      ['s1', false, null],
    ])
    const halves = splitQuestions(questions)
    const [first, second] = questions.map((question) => halves.get(question))
    expect(new Set([first, second])).toEqual(new Set(['dev', 'validation']))
  })

  it('are asked over HTTP with their own APIs and no others', async () => {
    const questions = await readQuestions(folder, '')
    const isolate = await startIsolate({ bundle: await bundleWorker() })
    const server = await serveFolder(folder)
    try {
      const evaluation = await runQuestions(isolate, server.url, questions, splitQuestions(questions), () => {})
      const { plans, meant } = await readCases(isolate, server.url, questions)
      expect(plans.map(({ input, right }) => [input.length, right])).toEqual([
        [SIGNS.length, 1],
        [SIGNS.length, 1],
      ])
      // The third is about roses, and asked with boats connected.
      expect(meant.every(({ input }) => input.length === MEANT_SIGNS.length)).toBe(true)
      expect(meant.map(({ right }) => right)).toEqual(expect.arrayContaining([0, 1]))
      const [one, , foreign] = evaluation.results
      expect(one).toMatchObject({ considered: ['GET /boats'], exact: true, recall: { 1: 1 }, floor: { all10: true } })
      expect(one?.arguments?.all).toMatchObject({ gold: 1, equal: 1, exact: 1 })
      expect(foreign).toMatchObject({ status: 'needs_api', correct: false, unknown: ['GET /roses'], extra: -1 })
      const markdown = writeMarkdown(summarise(evaluation), '# Figures')
      expect(markdown).toContain('| calls | 1 | 1.00 |')
    } finally {
      await Promise.all([isolate.close(), server.close()])
    }
  })
})
