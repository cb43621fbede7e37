import crypto from 'node:crypto'
import { describe, expect, it, vi } from 'vitest'
import { login, register } from '../src/auth/service.ts'
import { createWorld, type World } from '../src/context.ts'
import { newId } from '../src/lib/ids.ts'
import { requestReset } from '../src/people/passwords.ts'
import { send, testEnv } from './helpers.ts'
import { json, newPerson, person, type Person } from './people.ts'

const derive = vi.spyOn(crypto, 'scrypt')

const STRICT = { requireVerifiedEmail: true }

/** What was done: statements sent to the database, hashes derived. */
type Work = { statements: number; hashes: number }

/** A world whose work is counted, and what of it is left until after the answer. */
function countingWorld(settings: Partial<World['config']> = {}) {
  let statements = 0
  const count = <T extends object>(target: T): T =>
    new Proxy(target, {
      get(of, name) {
        const value: unknown = Reflect.get(of, name)
        if (typeof value !== 'function') return value
        return (...args: unknown[]) => {
          if (name === 'batch') statements += (args[0] as unknown[]).length
          if (['all', 'raw', 'run', 'first'].includes(String(name))) statements++
          const result: unknown = value.apply(of, args)
          return name === 'prepare' || name === 'bind' ? count(result as object) : result
        }
      },
    })
  const deferred: Promise<unknown>[] = []
  const env = { ...testEnv, DB: count(testEnv.DB) }
  const world = createWorld(env, newId('req'), (work) => void deferred.push(work))
  const before = derive.mock.calls.length
  const work = (): Work => ({ statements, hashes: derive.mock.calls.length - before })
  return {
    world: { ...world, config: { ...world.config, ...settings } },
    work,
    afterwards: () => Promise.all(deferred),
  }
}

/** What something takes until its answer, and with what is done after it. */
async function workOf(act: (world: World) => Promise<unknown>, settings?: Partial<World['config']>) {
  const { world, work, afterwards } = countingWorld(settings)
  const answer = await act(world).catch((error: Error & { code?: string }) => error.code)
  const untilAnswer = work()
  await afterwards()
  return { answer, untilAnswer, inAll: work() }
}

/** Somebody whom a provider vouches for, without a password. */
async function withoutPassword(): Promise<Person> {
  const ada = await newPerson()
  await testEnv.DB.prepare("update accounts set provider_id = 'google', password = null where user_id = ?")
    .bind(ada.userId)
    .run()
  return ada
}

async function disabled(): Promise<Person> {
  const ada = await newPerson()
  await testEnv.DB.prepare('update users set disabled_at = 1 where id = ?').bind(ada.userId).run()
  return ada
}

describe('what does not tell whether there is an account', () => {
  it('is a refused sign-in: the same work, whatever the reason', async () => {
    const somebody = [person(), await newPerson(), await withoutPassword(), await disabled()]
    const tries = []
    for (const { email } of somebody)
      tries.push(await workOf((world) => login(world, { email, password: 'not the password' }, new Headers())))
    const [nobody] = tries
    expect(nobody).toMatchObject({ answer: 'INVALID_CREDENTIALS', untilAnswer: { hashes: 1 } })
    expect(tries).toEqual(Array(4).fill(nobody))
  })

  it('is a sign-in where addresses are confirmed first: no more work until the answer for one that was registered and is not', async () => {
    const [confirmed, unconfirmed] = [await newPerson(), await newPerson()]
    await testEnv.DB.prepare('update users set email_verified = 1 where id = ?').bind(confirmed.userId).run()
    const tries = []
    for (const { email, password } of [{ ...confirmed, password: 'not the password' }, unconfirmed, person()])
      tries.push(await workOf((world) => login(world, { email, password }, new Headers()), STRICT))
    const [first] = tries
    expect(first).toMatchObject({ answer: 'INVALID_CREDENTIALS', untilAnswer: { hashes: 1 } })
    for (const { answer, untilAnswer } of tries)
      expect({ answer, untilAnswer }).toEqual({ answer: first?.answer, untilAnswer: first?.untilAnswer })
  })

  it('is asking for another password: all that differs comes after the answer', async () => {
    const [known, unknown] = [await newPerson(), person()]
    const asked = []
    for (const { email } of [known, unknown]) asked.push(await workOf((world) => requestReset(world, email)))
    expect(asked[0]?.untilAnswer).toEqual(asked[1]?.untilAnswer)
    expect(asked[0]?.inAll).not.toEqual(asked[1]?.inAll)
  })

  it('is registering where addresses are confirmed first: all of it comes after the answer', async () => {
    const known = await newPerson()
    const made = []
    for (const { name, email, password } of [known, person()])
      made.push(await workOf((world) => register(world, { name, email, password }, new Headers()), STRICT))
    for (const { answer, untilAnswer } of made) {
      expect(answer).toEqual({ data: { verificationRequired: true }, cookies: [] })
      expect(untilAnswer.hashes).toBe(0)
    }
    expect(made[0]?.untilAnswer).toEqual(made[1]?.untilAnswer)
    expect(made.map(({ inAll }) => inAll.hashes)).toEqual([1, 1])
  })
})

it('whoever knows the password of a disabled account is told that it is, and nobody else', async () => {
  const { email, password } = await disabled()
  const reply = await send('/api/auth/login', json({ email, password }))
  expect([reply.status, reply.body.code]).toEqual([403, 'ACCOUNT_DISABLED'])
})
