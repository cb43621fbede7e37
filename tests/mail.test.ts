import { describe, expect, it } from 'vitest'
import { loadConfig, type Config } from '../src/config.ts'
import { createWorld } from '../src/context.ts'
import { sendMail } from '../src/platform/mail.ts'
import { testEnv } from './helpers.ts'

type Received = { from: string; to: string[]; user: string | null; message: string }

const urls: { smtp: number; smtpTls: number } = await (await fetch(`${testEnv.UPSTREAMS}/urls`)).json()
const mail = { to: 'ada@example.com', subject: 'Grüße', text: 'Hallo Ada,\n.\n..ein Punkt und ein 🦉\n', link: null }

function senderWith(variables: Record<string, string>) {
  const world = createWorld(testEnv, 'req_mail', () => {})
  const settings = loadConfig({ ...testEnv, ...variables })
  return { ...world, config: settings }
}

const bySmtp = (url: string) =>
  senderWith({ MAIL_PROVIDER: 'smtp', SMTP_URL: url, MAIL_FROM: 'APIQ Größe <apiq@example.com>' })

async function received(to: string): Promise<Received[]> {
  const all: Received[] = await (await fetch(`${testEnv.UPSTREAMS}/mail/received`)).json()
  return all.filter((each) => each.to.includes(to))
}

describe('mail by SMTP', () => {
  const password = encodeURIComponent('marked smtp password')

  it('is handed in with user and password, every character as it was', async () => {
    const to = 'grace@example.com'
    await sendMail(bySmtp(`smtp://apiq:${password}@127.0.0.1:${urls.smtp}`), { ...mail, to })
    const [got] = await received(to)
    expect(got).toMatchObject({ from: 'apiq@example.com', user: 'apiq' })
    const [head = '', body = ''] = (got?.message ?? '').split('\r\n\r\n')
    expect(Buffer.from(body, 'base64').toString()).toBe(mail.text)
    expect(head).toContain(`Subject: =?utf-8?B?${Buffer.from(mail.subject).toString('base64')}?=`)
    expect(head).toMatch(/^From: =\?utf-8\?B\?\S+\?= <apiq@example\.com>$/m)
    expect(Math.max(...(got?.message ?? '').split('\r\n').map((line) => line.length))).toBeLessThan(200)
  })

  it.each([
    ['a wrong password', () => `smtp://apiq:wrong@127.0.0.1:${urls.smtp}`, /answered 535/],
    ['a certificate nobody vouches for', () => `smtp://apiq:${password}@127.0.0.1:${urls.smtpTls}`, /./],
  ])('fails at %s, and tells no password', async (_, url, message) => {
    const sent = sendMail(bySmtp(url()), { ...mail, to: 'nobody@example.com' })
    await expect(sent).rejects.toThrow(message)
    const told = await sent.catch((error: Error) => error.message)
    expect(told).not.toContain('marked smtp password')
    expect(told).not.toContain(Buffer.from('\0apiq\0wrong').toString('base64'))
    expect(await received('nobody@example.com')).toEqual([])
  })

  it('fails at an address that the server refuses, or that would break out of its line', async () => {
    const sender = bySmtp(`smtp://apiq:${password}@127.0.0.1:${urls.smtp}`)
    await expect(sendMail(sender, { ...mail, to: 'refused@example.com' })).rejects.toThrow(/550/)
    await expect(sendMail(sender, { ...mail, to: 'a@b>\r\nRCPT TO:<c@d' })).rejects.toThrow(/cannot be written/)
  })
})

describe('mail by Resend', () => {
  const byResend = (key: string) =>
    senderWith({ MAIL_PROVIDER: 'resend', RESEND_API_KEY: key, RESEND_BASE_URL: `${testEnv.UPSTREAMS}/mail` })

  it('goes over its API', async () => {
    const to = 'edsger@example.com'
    await sendMail(byResend('re_marked_key'), { ...mail, to })
    expect(await received(to)).toMatchObject([{ from: 'APIQ <apiq@localhost>', user: 'resend', message: mail.text }])
  })

  it('fails when the provider refuses, and tells no key', async () => {
    await expect(sendMail(byResend('re_other_key'), mail)).rejects.toThrow('the mail provider answered 401')
  })
})

describe('the settings of mail', () => {
  const configWith = (variables: Record<string, string>): Config => loadConfig({ ...testEnv, ...variables })

  it('ask for a confirmed address wherever mail is really sent', () => {
    expect(configWith({}).requireVerifiedEmail).toBe(false)
    expect(configWith({ MAIL_PROVIDER: 'resend', RESEND_API_KEY: 'k' }).requireVerifiedEmail).toBe(true)
    const off = { MAIL_PROVIDER: 'resend', RESEND_API_KEY: 'k', REQUIRE_VERIFIED_EMAIL: 'false' }
    expect(configWith(off).requireVerifiedEmail).toBe(false)
  })

  it.each([
    [{ MAIL_PROVIDER: 'resend' }, /RESEND_API_KEY/],
    [{ MAIL_PROVIDER: 'smtp' }, /SMTP_URL/],
    [{ MAIL_PROVIDER: 'smtp', SMTP_URL: 'https://mail.example' }, /SMTP_URL/],
    [{ MAIL_FROM: 'nobody' }, /MAIL_FROM/],
  ])('%o are refused', (variables, message) => {
    expect(() => configWith(variables as Record<string, string>)).toThrow(message)
  })
})
