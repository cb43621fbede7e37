import { describe, expect, it } from 'vitest'
import { tenantWithTold } from './office.ts'
import { inPath, inQuery, list, named, object, operation, text } from './spec-pieces.ts'

const song = object({ id: text, title: text })
const paths = {
  '/songs': {
    get: operation('List songs', object({ items: { type: 'array', items: song }, nextCursor: text }), [
      inQuery('cursor'),
    ]),
  },
  '/songs/{songId}/archive': { post: operation('Archive a song', song, [inPath('songId')]) },
  '/shelves': { get: operation('List shelves', list(object({ id: text, name: text }))) },
}

/** Archives every song of an API whose every page of songs is `page`. */
async function archiveAll(page: object) {
  const office = await tenantWithTold('Records', paths, { '/songs': page, '/shelves': named('A') })
  const plan = await office.plan('archive all songs')
  const { data } = await office.run(plan)
  return { run: data, changes: await office.changes() }
}

const songs = (count: number) => Array.from({ length: count }, (_, at) => ({ id: `s${at}`, title: `Song ${at}` }))

describe('every one of a list', () => {
  it('is every one that is on it', async () => {
    const { run, changes } = await archiveAll({ items: songs(3) })
    expect(run).toMatchObject({ status: 'succeeded' })
    expect(changes.toSorted()).toEqual(['POST /songs/s0/archive', 'POST /songs/s1/archive', 'POST /songs/s2/archive'])
  })

  it('is not a part of it: where there are more than are read, nothing is done to any', async () => {
    const { run, changes } = await archiveAll({ items: songs(600), nextCursor: 'more' })
    expect(run).toMatchObject({ status: 'failed' })
    expect(run.error.message).toContain('there are more of them than are read at once')
    expect(changes).toEqual([])
  })
})
