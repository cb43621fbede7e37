import { parseArgs } from 'node:util'
import { bundleWorker, startIsolate } from '../../../src/cli/isolate.ts'
import { setUpApiq } from './apiq.ts'
import { createClient } from './client.ts'
import { readFloors } from './floors.ts'
import { measureAll } from './load.ts'
import { startUpstream } from './start-upstream.ts'
import { listSubjects } from './subjects.ts'

const { values } = parseArgs({ options: { only: { type: 'string' }, seconds: { type: 'string', default: '3' } } })
const upstream = await startUpstream()
const isolate = await startIsolate({ bundle: await bundleWorker(), beside: await readFloors(), logLevel: 'error' })
try {
  const apiq = await setUpApiq(isolate, upstream.url)
  const floors = createClient(isolate.besideUrl)
  const only = values.only?.split(',')
  const subjects = listSubjects(apiq, floors.post, upstream.url).filter((s) => !only || only.includes(s.name))
  for (const clients of [1, 10]) {
    const figures = await measureAll(subjects, {
      clients,
      seconds: Number(values.seconds),
      sliceSeconds: 0.5,
      warmUpSeconds: 1,
    })
    console.log(clients)
    console.table(Object.fromEntries(figures))
  }
  console.log(isolate.tail().join('\n'))
} finally {
  await isolate.close()
  await upstream.close()
}
