import { percentile } from '../../../src/cli/eval/statistics.ts'
import { bundleWorker, startIsolate, type Isolate } from '../../../src/cli/isolate.ts'

const PASSWORD = 'correct horse battery'
const WARM_UP = 2

/** Whom a sign-in is refused to, by why; each but the first has an account. */
const PEOPLE = {
  'no account': 'nobody@example.com',
  'wrong password': 'ada@example.com',
  'no password (provider)': 'bob@example.com',
  'disabled account': 'eve@example.com',
} as const

/** The median milliseconds of a refused sign-in for each reason, taken in turn at APIQ as it is deployed. */
export async function measureRefusals(rounds: number): Promise<Record<string, number>> {
  const isolate = await startIsolate({ bundle: await bundleWorker() })
  try {
    await makePeople(isolate)
    const times = Object.keys(PEOPLE).map((): number[] => [])
    for (let round = -WARM_UP; round < rounds; round++) {
      // An account is guessed at ten times in a quarter of an hour.
      await isolate.database.prepare('delete from guesses').run()
      // In another order each time, for what is written down after one answer the next request may have to wait for.
      for (const index of shuffled(times.length)) {
        const email = Object.values(PEOPLE)[index] ?? ''
        const ms = await timeOfRefusal(isolate, email)
        if (round >= 0) times[index]?.push(ms)
      }
    }
    const medians = times.map((taken) =>
      percentile(
        taken.toSorted((a, b) => a - b),
        0.5,
      ),
    )
    return Object.fromEntries(Object.keys(PEOPLE).map((why, index) => [why, medians[index] ?? NaN]))
  } finally {
    await isolate.close()
  }
}

function shuffled(count: number): number[] {
  const drawn = Array.from({ length: count }, (_, index) => ({ index, at: Math.random() }))
  return drawn.toSorted((a, b) => a.at - b.at).map(({ index }) => index)
}

async function makePeople(isolate: Isolate): Promise<void> {
  for (const email of Object.values(PEOPLE).slice(1)) {
    const { status } = await post(isolate, '/api/auth/register', { name: 'A', email, password: PASSWORD })
    if (status !== 201) throw new Error(`${email} could not be registered: ${status}`)
  }
  const idOf = '(select id from users where email = ?)'
  const { database } = isolate
  await database
    .prepare(`update accounts set provider_id = 'google', password = null where user_id = ${idOf}`)
    .bind(PEOPLE['no password (provider)'])
    .run()
  await database.prepare('update users set disabled_at = 1 where email = ?').bind(PEOPLE['disabled account']).run()
}

async function timeOfRefusal(isolate: Isolate, email: string): Promise<number> {
  const started = performance.now()
  const { status } = await post(isolate, '/api/auth/login', { email, password: 'not the password' })
  if (status !== 401) throw new Error(`a sign-in of ${email} was answered with ${status}`)
  return performance.now() - started
}

async function post({ url }: Isolate, path: string, body: object): Promise<Response> {
  const headers = { 'content-type': 'application/json' }
  const response = await fetch(url + path, { method: 'POST', headers, body: JSON.stringify(body) })
  await response.arrayBuffer()
  return response
}
