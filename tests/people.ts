import { vi } from 'vitest'
import { send, testEnv, type Reply } from './helpers.ts'

/** A JSON POST. */
export const json = (body: unknown, headers: Record<string, string> = {}): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(body),
})

/** The cookies that a reply sets, as a browser sends them back; those it clears are left out. */
export function cookieOf(reply: Reply): string {
  return reply.headers
    .getSetCookie()
    .filter((cookie) => !/max-age=0/i.test(cookie))
    .map((cookie) => cookie.split(';')[0])
    .join('; ')
}

/** What somebody registers with; an address of their own. */
export const person = () => ({
  name: 'Ada',
  email: `${crypto.randomUUID()}@example.com`,
  password: 'correct horse battery',
})

/** Somebody who is signed in, with calls that carry their cookie. */
export async function newPerson() {
  const details = person()
  const reply = await send('/api/auth/register', json(details))
  if (reply.status !== 201) throw new Error(JSON.stringify(reply.body))
  return { ...details, ...inBrowser(cookieOf(reply)), userId: reply.data.userId as string, reply }
}
export type Person = Awaited<ReturnType<typeof newPerson>>

/** Calls with a cookie, from the dashboard's own origin. */
export function inBrowser(cookie: string) {
  const call = (method: string, path: string, body?: unknown) =>
    send(path, {
      method,
      headers: {
        cookie,
        origin: 'https://apiq.test',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
  return { cookie, call }
}

/** Signs in by password. */
export const signIn = ({ email, password }: { email: string; password: string }) =>
  send('/api/auth/login', json({ email, password }))

/** Gives somebody a role in the installation, as an administrator would. */
export async function makeRole(userId: string, role: 'USER' | 'ADMIN' | 'AUDITOR'): Promise<void> {
  await testEnv.DB.prepare('update users set role = ? where id = ?').bind(role, userId).run()
}

/** The newest mail to an address whose subject matches, once it is there: mails leave after the answer. */
export function mailTo(email: string, subject: RegExp): Promise<{ text: string; link: string; proof: string }> {
  return vi.waitFor(async () => {
    const { data } = await send('/api/development/mails')
    const mail = data.find((each: { to: string; subject: string }) => each.to === email && subject.test(each.subject))
    if (!mail) throw new Error(`no mail to ${email}`)
    return { ...mail, proof: mail.link ? (new URL(mail.link).searchParams.get('proof') ?? '') : '' }
  })
}

/** What the audit log holds of what somebody did, oldest first. */
export async function actionsOf(userId: string): Promise<string[]> {
  const { results } = await testEnv.DB.prepare('select action, outcome from audit_log where user_id = ? order by seq')
    .bind(userId)
    .all<{ action: string; outcome: string }>()
  return results.map(({ action, outcome }) => (outcome === 'success' ? action : `${action} ${outcome}`))
}
