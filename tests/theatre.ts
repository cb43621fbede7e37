import { tenantWithTold, type Office } from './office.ts'

type Schema = Record<string, unknown>

const text = { type: 'string' }
const whole = { type: 'integer' }
const day = { type: 'string', format: 'date' }
const object = (properties: Schema) => ({ type: 'object', properties })
const list = (items: Schema) => ({ type: 'array', items })

/** An operation that reads, with what its path and its query take and what it answers with. */
const read = (summary: string, schema: Schema, path: string[] = [], query: Record<string, Schema> = {}) => ({
  get: {
    summary,
    parameters: [
      ...path.map((name) => ({ name, in: 'path', required: true, schema: whole })),
      ...Object.entries(query).map(([name, { required = false, description = '', ...schema }]) => {
        return { name, in: 'query', required, description, schema }
      }),
    ],
    responses: { 200: { description: 'ok', content: { 'application/json': { schema } } } },
  },
})
const found = (items: Schema) => object({ page: whole, results: list(items) })
const sought = { query: { ...text, required: true } }

// What every record has, what every stage work has, and what a play has beside that.
const record = object({ id: whole })
const work = { allOf: [record, object({ title: text, language: text })] }
const play = { allOf: [work, object({ era: text })] }
const somebody = object({ id: whole, name: text })
const person = object({ id: whole, name: text, birthday: day, birthplace: text, height: whole })
const troupe = object({ id: whole, name: text, founded_on: day, city: text })
const member = object({ id: whole, name: text, part: text })
const maker = object({ id: whole, name: text, job: text })
const house = object({ id: whole, name: text, website: text })

// So large below its third level that no more than three levels of what the search answers are kept.
const numbered = (name: string, each: Schema) =>
  object(Object.fromEntries(Array.from({ length: 40 }, (_, at) => [`${name}${at}`, each])))
const seating = object({ hall: numbered('row', numbered('seat', text)) })

/** An archive of the stage that nobody has: what a search lists is composed by `allOf` twice over. */
const paths = {
  '/search/play': read('Search plays', object({ page: whole, results: list(play), seating }), [], sought),
  '/search/person': read('Search people', found(somebody), [], sought),
  '/search/troupe': read('Search troupes', found(troupe), [], sought),
  '/browse/play': read('Browse plays', found(play), [], {
    with_themes: { ...text, description: 'Names of themes that the plays have.' },
    without_themes: { ...text, description: 'Names of themes that the plays do not have.' },
  }),
  '/play/{play_id}': read(
    'Get details of a play',
    object({
      id: whole,
      title: text,
      premiered_on: day,
      duration: whole,
      language: text,
      production_houses: list(house),
    }),
    ['play_id'],
  ),
  '/play/{play_id}/credits': read('Get credits of a play', object({ cast: list(member), crew: list(maker) }), [
    'play_id',
  ]),
  '/play/{play_id}/scenes': read('Get the scenes of a play', list(object({ number: whole, place: text })), ['play_id']),
  '/play/{play_id}/posters': read('Get posters of a play', list(object({ url: text })), ['play_id']),
  '/person/{person_id}': read('Get details of a person', person, ['person_id']),
  '/person/{person_id}/portraits': read('Get portraits of a person', list(object({ url: text })), ['person_id']),
  '/troupe/{troupe_id}': read('Get details of a troupe', troupe, ['troupe_id']),
  '/troupe/{troupe_id}/plays': read('Get the plays of a troupe', found(play), ['troupe_id']),
  '/house/{house_id}': read('Get details of a house', house, ['house_id']),
}

const storm = { id: 3, title: 'Storm of the Lanterns', language: 'no' }
const cast = [
  { id: 21, name: 'Ines Falk', part: 'Marta' },
  { id: 22, name: 'Ove Lind', part: 'The keeper' },
]
const crew = [
  { id: 31, name: 'Sten Ahl', job: 'Lighting' },
  { id: 32, name: 'Runa Berg', job: 'Director' },
  { id: 33, name: 'Tor Vik', job: 'Writer' },
]
const people = [
  { id: 21, name: 'Ines Falk', birthday: '1960-05-04', birthplace: 'Lund', height: 171 },
  { id: 32, name: 'Runa Berg', birthday: '1949-08-09', birthplace: 'Bergen', height: 180 },
  { id: 33, name: 'Tor Vik', birthday: '1933-01-12', birthplace: 'Visby', height: 165 },
]

const told = {
  '/search/play': { page: 1, results: [storm] },
  '/search/person': { page: 1, results: people },
  '/search/troupe': { page: 1, results: [{ id: 5, name: 'Nattvind', founded_on: '1970-01-01', city: 'Oslo' }] },
  '/play/3': {
    ...storm,
    premiered_on: '1891-02-01',
    duration: 95,
    production_houses: [{ id: 8, name: 'Royal', website: 'royal.example' }],
  },
  '/play/3/credits': { cast, crew },
  '/play/3/scenes': [{ number: 1, place: 'A pier' }],
  '/house/8': { id: 8, name: 'Royal', website: 'royal.example' },
  ...Object.fromEntries(people.map((each) => [`/person/${each.id}`, each])),
}

/** A tenant with the archive connected. */
export function tenantWithTheatre(): Promise<Office> {
  return tenantWithTold('Archive', paths, told)
}
