import { describe, expect, it, vi } from 'vitest'
import { login, register } from '../src/auth/service.ts'
import { createWorld } from '../src/context.ts'
import type { AppError } from '../src/errors.ts'
import { newId } from '../src/lib/ids.ts'
import { newTenant, send, testEnv } from './helpers.ts'
import { actionsOf, cookieOf, inBrowser, json, mailTo, newPerson, person, signIn, type Person } from './people.ts'
import { totp } from './totp.ts'

const statusOf = async (cookie: string) => (await send('/api/auth/test', { headers: { cookie } })).status

describe('e-mail addresses', () => {
  it('are confirmed by the link of a mail', async () => {
    const ada = await newPerson()
    expect((await ada.call('GET', '/api/auth/profile')).data).toMatchObject({ emailVerified: false, email: ada.email })
    const { proof, link } = await mailTo(ada.email, /Confirm/)
    expect(link).toMatch(/^https:\/\/apiq\.test\/verify-email\?/)
    expect((await send('/api/auth/email/verify', json({ proof }))).status).toBe(200)
    expect((await ada.call('GET', '/api/auth/profile')).data).toMatchObject({ emailVerified: true })
    expect(await actionsOf(ada.userId)).toContain('email.verify')
  })

  it('are not confirmed by a link that was tampered with', async () => {
    const ada = await newPerson()
    const { proof } = await mailTo(ada.email, /Confirm/)
    const reply = await send('/api/auth/email/verify', json({ proof: `${proof.slice(0, -4)}AAAA` }))
    expect([reply.status, reply.body.code]).toEqual([422, 'LINK_INVALID'])
  })

  it('change once the new one is confirmed, and the old one is told', async () => {
    const ada = await newPerson()
    const { email } = person()
    const wrong = await ada.call('POST', '/api/auth/email/change', { email, currentPassword: 'not the password' })
    expect([wrong.status, wrong.body.errors[0].path]).toEqual([422, '/currentPassword'])
    await ada.call('POST', '/api/auth/email/change', { email, currentPassword: ada.password })
    expect((await mailTo(ada.email, /being changed/)).text).toContain(email)
    const { proof } = await mailTo(email, /Confirm your new/)
    expect((await ada.call('GET', '/api/auth/profile')).data.email).toBe(ada.email)
    expect((await send('/api/auth/email/verify', json({ proof }))).status).toBe(200)
    expect((await ada.call('GET', '/api/auth/profile')).data).toMatchObject({ email, emailVerified: true })
    expect((await send('/api/auth/email/verify', json({ proof }))).body.code).toBe('LINK_INVALID')
    expect((await signIn({ email, password: ada.password })).status).toBe(200)
  })

  it('stay with their owner: a new password or a later wish makes the links worthless that were mailed before', async () => {
    const ada = await newPerson()
    const ask = async () => {
      const { email } = person()
      await ada.call('POST', '/api/auth/email/change', { email, currentPassword: ada.password })
      return (await mailTo(email, /Confirm your new/)).proof
    }
    const verify = async (proof: string) => (await send('/api/auth/email/verify', json({ proof }))).status
    const [first, second] = [await ask(), await ask()]
    expect(await verify(first)).toBe(422)
    await send('/api/auth/password/forgot', json({ email: ada.email }))
    const reset = await mailTo(ada.email, /new password/)
    const password = 'another long password'
    await ada.call('POST', '/api/auth/password/change', { currentPassword: ada.password, password })
    expect(await verify(second)).toBe(422)
    expect((await send('/api/auth/password/reset', json({ proof: reset.proof, password }))).body.code).toBe(
      'LINK_INVALID',
    )
    expect((await signIn({ email: ada.email, password })).status).toBe(200)
  })

  it('that were given up reset no password any more', async () => {
    const ada = await newPerson()
    await send('/api/auth/password/forgot', json({ email: ada.email }))
    const reset = await mailTo(ada.email, /new password/)
    const { email } = person()
    await ada.call('POST', '/api/auth/email/change', { email, currentPassword: ada.password })
    const { proof } = await mailTo(email, /Confirm your new/)
    await send('/api/auth/email/verify', json({ proof }))
    const taken = await send(
      '/api/auth/password/reset',
      json({ proof: reset.proof, password: 'another long password' }),
    )
    expect(taken.body.code).toBe('LINK_INVALID')
  })

  it('do not change to one that is taken, and whoever asks is not told', async () => {
    const [ada, eve] = await Promise.all([newPerson(), newPerson()])
    const asked = await eve.call('POST', '/api/auth/email/change', { email: ada.email, currentPassword: eve.password })
    expect(asked.status).toBe(200)
    const { proof } = await mailTo(ada.email, /Confirm your new/)
    expect((await send('/api/auth/email/verify', json({ proof }))).body.code).toBe('LINK_INVALID')
  })
})

describe('passwords', () => {
  it('are chosen anew by the link of a mail, once, and every session ends', async () => {
    const ada = await newPerson()
    expect((await send('/api/auth/password/forgot', json({ email: ada.email }))).data).toEqual({ sent: true })
    const { proof } = await mailTo(ada.email, /new password/)
    const password = 'another long password'
    expect((await send('/api/auth/password/reset', json({ proof, password }))).status).toBe(200)
    expect(await statusOf(ada.cookie)).toBe(401)
    expect((await signIn(ada)).status).toBe(401)
    expect((await signIn({ email: ada.email, password })).status).toBe(200)
    expect((await send('/api/auth/password/reset', json({ proof, password }))).body.code).toBe('LINK_INVALID')
    expect(await actionsOf(ada.userId)).toContain('password.reset')
  })

  it('are not readable in the database, and neither are the proofs of mails', async () => {
    const ada = await newPerson()
    await send('/api/auth/password/forgot', json({ email: ada.email }))
    const { proof } = await mailTo(ada.email, /new password/)
    const rows = await testEnv.DB.batch(
      ['accounts', 'verifications'].map((t) => testEnv.DB.prepare(`select * from ${t}`)),
    )
    const stored = JSON.stringify(rows.map(({ results }) => results))
    for (const secret of [proof, ada.password]) expect(stored).not.toContain(secret)
  })

  it('are forgotten by nobody: an unknown address is answered alike', async () => {
    const reply = await send('/api/auth/password/forgot', json({ email: person().email }))
    expect([reply.status, reply.data]).toEqual([200, { sent: true }])
  })

  it('change for whoever knows the current one, and other sessions end', async () => {
    const ada = await newPerson()
    const elsewhere = cookieOf(await signIn(ada))
    const password = 'another long password'
    const wrong = await ada.call('POST', '/api/auth/password/change', { currentPassword: 'wrong', password })
    expect([wrong.status, wrong.body.errors[0].path]).toEqual([422, '/currentPassword'])
    const changed = await ada.call('POST', '/api/auth/password/change', { currentPassword: ada.password, password })
    expect(changed.status).toBe(200)
    expect([await statusOf(elsewhere), await statusOf(cookieOf(changed))]).toEqual([401, 200])
    expect((await signIn({ email: ada.email, password })).status).toBe(200)
  })
})

describe('guesses', () => {
  it('at one account end after ten, whether or not there is such an account', async () => {
    for (const { email } of [await newPerson(), person()]) {
      const tries = []
      for (let i = 0; i < 11; i++) tries.push(await signIn({ email, password: 'a wrong password' }))
      expect(tries.map(({ status }) => status)).toEqual([...Array<number>(10).fill(401), 429])
      expect(tries.at(-1)?.body.code).toBe('TOO_MANY_ATTEMPTS')
      expect(Number(tries.at(-1)?.headers.get('retry-after'))).toBeGreaterThan(60)
    }
  }, 30_000)

  it('at the same time are counted one by one', async () => {
    const { email } = person()
    const replies = await Promise.all(Array.from({ length: 25 }, () => signIn({ email, password: 'a wrong password' })))
    expect(replies.filter(({ status }) => status === 401)).toHaveLength(10)
  }, 30_000)

  it('from one address end after a hundred, over all accounts', async () => {
    const ip = '203.0.113.7'
    await testEnv.DB.prepare('delete from guesses').run()
    const attempt = () => send('/api/auth/password/forgot', json({ email: person().email }, { 'cf-connecting-ip': ip }))
    for (let i = 0; i < 10; i++) await Promise.all(Array.from({ length: 10 }, attempt))
    expect((await attempt()).body.code).toBe('TOO_MANY_ATTEMPTS')
    expect((await send('/api/auth/password/forgot', json({ email: person().email }))).status).toBe(200)
  }, 30_000)

  it('are forgiven by a password that was reset', async () => {
    const ada = await newPerson()
    for (let i = 0; i < 11; i++) await signIn({ ...ada, password: 'a wrong password' })
    await send('/api/auth/password/forgot', json({ email: ada.email }))
    const { proof } = await mailTo(ada.email, /new password/)
    const password = 'another long password'
    await send('/api/auth/password/reset', json({ proof, password }))
    expect((await signIn({ email: ada.email, password })).status).toBe(200)
  }, 30_000)

  it('are audited where there is an account', async () => {
    const ada = await newPerson()
    await signIn({ ...ada, password: 'a wrong password' })
    await vi.waitFor(async () => expect(await actionsOf(ada.userId)).toContain('session.create failure'))
  })
})

describe('two-factor authentication', () => {
  async function withSecondFactor(): Promise<Person & { secret: string; recoveryCodes: string[] }> {
    const ada = await newPerson()
    const setUp = await ada.call('POST', '/api/auth/two-factor/set-up', { currentPassword: ada.password })
    expect(setUp.data.totpUri).toMatch(/^otpauth:\/\/totp\/APIQ/)
    const { secret, recoveryCodes } = setUp.data
    const confirmed = await ada.call('POST', '/api/auth/two-factor/confirm', { code: totp(secret) })
    expect(confirmed.status).toBe(200)
    return { ...ada, ...inBrowser(cookieOf(confirmed)), secret, recoveryCodes }
  }

  it('asks for a code after the password, and opens nothing before it', async () => {
    const ada = await withSecondFactor()
    expect((await ada.call('GET', '/api/auth/profile')).data.twoFactor).toBe(true)
    const half = await signIn(ada)
    expect([half.status, half.data]).toEqual([200, { twoFactorRequired: true }])
    const cookie = cookieOf(half)
    expect(await statusOf(cookie)).toBe(401)
    const wrong = await send('/api/auth/two-factor/verify', json({ code: '000000' }, { cookie }))
    expect([wrong.status, wrong.body.code]).toEqual([401, 'CODE_INVALID'])
    const whole = await send('/api/auth/two-factor/verify', json({ code: totp(ada.secret) }, { cookie }))
    expect([whole.status, whole.data]).toMatchObject([200, { userId: ada.userId, email: ada.email }])
    expect(await statusOf(cookieOf(whole))).toBe(200)
  })

  it('takes each code once, also of two that come at once', async () => {
    const ada = await withSecondFactor()
    const code = totp(ada.secret)
    const challenges = [cookieOf(await signIn(ada)), cookieOf(await signIn(ada)), cookieOf(await signIn(ada))]
    const give = (cookie: string | undefined) =>
      send('/api/auth/two-factor/verify', json({ code }, { cookie: cookie ?? '' }))
    const replies = await Promise.all(challenges.slice(1).map(give))
    expect(replies.map(({ status }) => status).toSorted()).toEqual([200, 401])
    const again = await give(challenges[0])
    expect([again.status, again.body.code]).toEqual([401, 'CODE_INVALID'])
    expect((await ada.call('GET', '/api/auth/sessions')).data).toHaveLength(2)
  }, 30_000)

  it('takes each recovery code once', async () => {
    const ada = await withSecondFactor()
    const recover = async () => {
      const cookie = cookieOf(await signIn(ada))
      return send('/api/auth/two-factor/recover', json({ code: ada.recoveryCodes[0] }, { cookie }))
    }
    expect((await recover()).status).toBe(200)
    expect((await recover()).body.code).toBe('CODE_INVALID')
  })

  it('ends a sign-in after five wrong codes', async () => {
    const ada = await withSecondFactor()
    const cookie = cookieOf(await signIn(ada))
    const give = (code: string) => send('/api/auth/two-factor/verify', json({ code }, { cookie }))
    for (let i = 0; i < 5; i++) expect((await give('000000')).status).toBe(401)
    expect((await give(totp(ada.secret))).body.code).toBe('TOO_MANY_ATTEMPTS')
    await vi.waitFor(async () =>
      expect((await actionsOf(ada.userId)).filter((row) => row === 'session.create failure')).toHaveLength(6),
    )
  })

  it('is turned off, and its recovery codes renewed, by the password alone', async () => {
    const ada = await withSecondFactor()
    const wrong = await ada.call('POST', '/api/auth/two-factor/disable', { currentPassword: 'not the password' })
    expect(wrong.status).toBe(422)
    const renewed = await ada.call('POST', '/api/auth/two-factor/recovery-codes', { currentPassword: ada.password })
    expect(renewed.data.recoveryCodes).toHaveLength(10)
    expect(renewed.data.recoveryCodes).not.toContain(ada.recoveryCodes[0])
    await ada.call('POST', '/api/auth/two-factor/disable', { currentPassword: ada.password })
    expect((await signIn(ada)).data.userId).toBe(ada.userId)
    const rows = ['two_factor.enable', 'two_factor.recovery_codes', 'two_factor.disable']
    expect(await actionsOf(ada.userId)).toEqual(expect.arrayContaining(rows))
  })

  it('is not on before its first code was given', async () => {
    const ada = await newPerson()
    await ada.call('POST', '/api/auth/two-factor/set-up', { currentPassword: ada.password })
    expect((await signIn(ada)).data.userId).toBe(ada.userId)
  })
})

describe('sessions', () => {
  it('are listed, and revoked one by one or all others, on the next request', async () => {
    const ada = await newPerson()
    const [phone, tablet] = [cookieOf(await signIn(ada)), cookieOf(await signIn(ada))]
    const { data } = await ada.call('GET', '/api/auth/sessions')
    expect(data).toHaveLength(3)
    expect(data.filter((session: { current: boolean }) => session.current)).toHaveLength(1)
    const me = (await send('/api/auth/sessions', { headers: { cookie: phone } })).data
    const { id } = me.find((session: { current: boolean }) => session.current)
    expect((await ada.call('DELETE', `/api/auth/sessions/${id}`)).status).toBe(200)
    expect(await statusOf(phone)).toBe(401)
    expect((await ada.call('DELETE', '/api/auth/sessions')).data).toEqual({ revoked: 1 })
    expect([await statusOf(tablet), await statusOf(ada.cookie)]).toEqual([401, 200])
  })

  it('of somebody else are not there', async () => {
    const [ada, eve] = await Promise.all([newPerson(), newPerson()])
    const [{ id }] = (await ada.call('GET', '/api/auth/sessions')).data
    expect((await eve.call('DELETE', `/api/auth/sessions/${id}`)).status).toBe(404)
    expect(await statusOf(ada.cookie)).toBe(200)
  })

  it('are for people: a key sees none', async () => {
    const { call } = await newTenant()
    expect((await call('GET', '/api/auth/sessions')).status).toBe(403)
  })
})

describe('an account', () => {
  it('is renamed', async () => {
    const ada = await newPerson()
    expect((await ada.call('PATCH', '/api/auth/profile', { name: 'Ada L.' })).data).toMatchObject({ name: 'Ada L.' })
  })

  it('is deleted by the password, with everything that opens it', async () => {
    const ada = await newPerson()
    expect((await ada.call('POST', '/api/auth/account/delete', { currentPassword: 'wrong' })).status).toBe(422)
    expect((await ada.call('POST', '/api/auth/account/delete', { currentPassword: ada.password })).status).toBe(200)
    expect(await statusOf(ada.cookie)).toBe(401)
    expect((await signIn(ada)).status).toBe(401)
    expect((await send('/api/auth/register', json(ada))).status).toBe(201)
  })
})

describe('where addresses must be confirmed first', () => {
  /** A world whose work after the answer is waited for by hand. */
  const strict = () => {
    const later: Promise<unknown>[] = []
    const caller = { ip: null, userAgent: null, origin: 'https://apiq.test' }
    const world = createWorld(testEnv, newId('req'), (work) => void later.push(work), caller)
    const config = { ...world.config, requireVerifiedEmail: true }
    const afterwards = async () => {
      while (later.length > 0) await Promise.all(later.splice(0))
    }
    return { world: { ...world, config }, afterwards }
  }

  it('registering answers alike for a taken address, and only the mail tells', async () => {
    const { world, afterwards } = strict()
    const ada = person()
    const first = await register(world, ada, new Headers())
    await afterwards()
    const again = await register(world, { ...ada, name: 'Eve' }, new Headers())
    expect(first).toEqual({ data: { verificationRequired: true }, cookies: [] })
    expect(again).toEqual(first)
    await mailTo(ada.email, /You have an account already/)
    const { proof } = await mailTo(ada.email, /Confirm/)
    await send('/api/auth/email/verify', json({ proof }))
    expect((await login(world, ada, new Headers())).data).toMatchObject({ email: ada.email })
  })

  it('a sign-in with what somebody registered tells neither: the link comes once more, to whoever has the address', async () => {
    const { world, afterwards } = strict()
    const [owner, stranger] = [await newPerson(), person()]
    const answerTo = async (details: { email: string; password: string; name: string }) => {
      await register(world, details, new Headers())
      await afterwards()
      const answer = login(world, details, new Headers()).catch(({ code, message }: AppError) => ({ code, message }))
      return answer.finally(afterwards)
    }
    // One address had an account, with another password; the other had none.
    const taken = await answerTo({ name: 'Eve', email: owner.email, password: 'of the one who tries' })
    expect(taken).toMatchObject({ code: 'INVALID_CREDENTIALS', message: expect.stringContaining('not confirmed yet') })
    expect(await answerTo(stranger)).toEqual(taken)
    const mails = (await send('/api/development/mails')).data.filter(
      (mail: { to: string }) => mail.to === stranger.email,
    )
    expect(mails.map((mail: { subject: string }) => mail.subject)).toEqual(Array(2).fill('Confirm your e-mail address'))
  })

  it('nobody fills the mailbox of somebody else: beside the first mail it is ten in a quarter of an hour', async () => {
    const { world, afterwards } = strict()
    const victim = person()
    for (let count = 0; count < 8; count++) {
      await register(world, victim, new Headers())
      await afterwards()
      await login(world, victim, new Headers()).catch(() => {})
      await afterwards()
    }
    const mails = (await send('/api/development/mails')).data
    expect(mails.filter(({ to }: { to: string }) => to === victim.email)).toHaveLength(11)
  }, 30_000)
})
