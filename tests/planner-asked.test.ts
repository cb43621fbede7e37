import { describe, expect, it } from 'vitest'
import { tenantWithTheatre } from './theatre.ts'

type Shown = { operation: string | null; bindings: { target: string; source: string; value: string }[] }

const archive = await tenantWithTheatre()

/** The calls of a plan, each with the values that are said; what comes from another call is told by its slot alone. */
const callsOf = (steps: readonly Shown[]) =>
  steps.flatMap(({ operation, bindings }) =>
    operation === null
      ? []
      : [
          [
            operation,
            ...bindings.map(({ target, source, value }) => (source === 'step' ? target : `${target}=${value}`)),
          ].join(' '),
        ],
  )
const pathOf = async (message: string) => {
  const { status, steps } = await archive.plan(message)
  return [status, ...callsOf(steps)]
}

const PLAY = 'GET /search/play query=Storm of the Lanterns'
const DETAILS = 'GET /play/{play_id} play_id'
const CREDITS = 'GET /play/{play_id}/credits play_id'
const PERSON = 'GET /person/{person_id} person_id'

describe('a name with small words in it', () => {
  it.each([
    ['Show the scenes of Storm of the Lanterns', 'Storm of the Lanterns'],
    ['Show the scenes of the play Storm and the Lanterns', 'Storm and the Lanterns'],
    ['Show the scenes of Voyage of Marta', 'Voyage of Marta'],
  ])('is one name: %s', async (message, name) => {
    expect(await pathOf(message)).toEqual([
      'ready',
      `GET /search/play query=${name}`,
      'GET /play/{play_id}/scenes play_id',
    ])
  })

  it('finds the id in items that are composed by allOf twice over', async () => {
    const run = await archive.run(await archive.plan('Show the scenes of the play Storm of the Lanterns'))
    expect(run.data).toMatchObject({ status: 'succeeded', output: [{ number: 1, place: 'A pier' }] })
  })
})

describe('what is said to be left out', () => {
  it.each([
    ['Browse plays with Revenge', 'GET /browse/play with_themes=Revenge'],
    ['Browse plays with the theme Revenge', 'GET /browse/play with_themes=Revenge'],
    ['Browse plays without Revenge', 'GET /browse/play without_themes=Revenge'],
    ['Browse plays without the theme Revenge', 'GET /browse/play without_themes=Revenge'],
    ['Browse plays with Jealousy but without Revenge', 'GET /browse/play with_themes=Jealousy without_themes=Revenge'],
  ])('goes where that is taken, and nothing else does: %s', async (message, call) => {
    const { status, steps, assumptions } = await archive.plan(message)
    expect([status, ...callsOf(steps)]).toEqual(['ready', call])
    expect(assumptions).toEqual([])
  })

  it('is told where nothing takes it', async () => {
    const { assumptions } = await archive.plan('Show the plays of the troupe Nattvind without Revenge')
    expect(assumptions).toContain('“without Revenge” is not used: nothing in the operations takes it')
  })
})

describe('a question that does not name the field it asks for', () => {
  it.each([
    ['How long is Storm of the Lanterns?', [PLAY, DETAILS]],
    ['How long is the play Storm of the Lanterns?', [PLAY, DETAILS]],
    ['When did Storm of the Lanterns come out?', [PLAY, DETAILS]],
    ['Where was Ines Falk born?', ['GET /search/person query=Ines Falk', PERSON]],
    ['When was Ines Falk born?', ['GET /search/person query=Ines Falk', PERSON]],
    ['How tall is Ines Falk?', ['GET /search/person query=Ines Falk', PERSON]],
    ['How old is Ines Falk?', ['GET /search/person query=Ines Falk', PERSON]],
    ['Who wrote Storm of the Lanterns?', [PLAY, CREDITS]],
    ['Who wrote the play Storm of the Lanterns?', [PLAY, CREDITS]],
    ['Who directed Storm of the Lanterns?', [PLAY, CREDITS]],
    ['Who played in Storm of the Lanterns?', [PLAY, CREDITS]],
  ])('is answered by what has that: %s', async (message, calls) => {
    expect(await pathOf(message)).toEqual(['ready', ...calls])
  })

  it('takes no call more where a list tells it', async () => {
    const plan = await archive.plan('Where is Nattvind based?')
    expect([plan.status, ...callsOf(plan.steps)]).toEqual(['ready', 'GET /search/troupe query=Nattvind'])
    const run = await archive.run(plan)
    expect(run.data).toMatchObject({ status: 'succeeded', output: ['Oslo'] })
  })
})

describe('somebody who is told by what they are to a thing', () => {
  it.each([
    ['What is the birthday of the director of the play Storm of the Lanterns?', '1949-08-09'],
    ['the birthday of the director of the play Storm of the Lanterns', '1949-08-09'],
    ['How old is the director of the play Storm of the Lanterns?', '1949-08-09'],
    ['Where was the writer of Storm of the Lanterns born?', 'Visby'],
    ['the birthplace of the lead actor of Storm of the Lanterns', 'Lund'],
  ])('is found among those whom a list tells of: %s', async (message, answer) => {
    const plan = await archive.plan(message)
    expect([plan.status, ...callsOf(plan.steps)]).toEqual(['ready', PLAY, CREDITS, PERSON])
    const run = await archive.run(plan)
    expect(run.data.status).toBe('succeeded')
    expect(JSON.stringify(run.data.output)).toContain(answer)
  })

  it('is looked up in the list by what they do', async () => {
    const { definition } = await archive.plan('the birthday of the director of the play Storm of the Lanterns')
    const { parameters } = definition.steps.at(-1)
    expect(parameters.person_id).toContain('body.crew[$lowercase(job) = "director"][0].id')
  })

  it.each([
    'Who is the director of the play Storm of the Lanterns?',
    'Who is the writer of Storm of the Lanterns?',
    'Who is the lead actor of Storm of the Lanterns?',
  ])('is who is asked for: %s', async (message) => {
    expect(await pathOf(message)).toEqual(['ready', PLAY, CREDITS])
  })
})

describe('the same asked of two', () => {
  it.each([
    'the birthdays of Ines Falk and Runa Berg',
    'What are the birthdays of Ines Falk and Runa Berg?',
    'the birthday of Ines Falk and the birthday of Runa Berg',
  ])('is asked of each: %s', async (message) => {
    expect(await pathOf(message)).toEqual([
      'ready',
      'GET /search/person query=Ines Falk',
      PERSON,
      'GET /search/person query=Runa Berg',
      PERSON,
    ])
  })
})

describe('what a field is called more closely', () => {
  it('is the thing as well: production houses are houses', async () => {
    const plan = await archive.plan('Show the house that produced the play Storm of the Lanterns')
    expect([plan.status, ...callsOf(plan.steps)]).toEqual(['ready', PLAY, DETAILS, 'GET /house/{house_id} house_id'])
    const run = await archive.run(plan)
    expect(run.data.output).toMatchObject({ name: 'Royal', website: 'royal.example' })
  })
})
