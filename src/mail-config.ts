import { z } from 'zod'

/** Where mail is handed in (RFC 6409). `starttls` never sends a password before the connection is secure. */
export type SmtpConfig = { host: string; port: number; tls: 'on' | 'starttls'; user: string; password: string }

/** How mail leaves. `console` prints it, and lists it at a page that there is in development only. */
export type MailConfig = { from: { name: string; address: string } } & (
  | { provider: 'console' }
  | { provider: 'resend'; apiKey: string; baseUrl: string }
  | ({ provider: 'smtp' } & SmtpConfig)
)

/** A mail address, bare or with a name before it. */
const mailbox = z.string().transform((value, issue) => {
  const [, name = '', address = value] = /^\s*(.*?)\s*<([^<>\s]+)>\s*$/.exec(value) ?? []
  if (/^[^@\s<>]+@[^@\s<>]+$/.test(address) && !/[\r\n"<>]/.test(name)) return { name, address: address.trim() }
  issue.addIssue({ code: 'custom', message: 'must be an address: APIQ <apiq@example.com>' })
  return z.NEVER
})

const SMTP_PORTS = { 'smtp:': 587, 'smtps:': 465 } as const

const smtpUrl = z.string().transform((value, issue): SmtpConfig => {
  const url = URL.parse(value)
  if (url?.hostname && (url.protocol === 'smtp:' || url.protocol === 'smtps:'))
    return {
      host: url.hostname,
      port: Number(url.port) || SMTP_PORTS[url.protocol],
      tls: url.protocol === 'smtps:' ? 'on' : 'starttls',
      user: decodeURIComponent(url.username),
      password: decodeURIComponent(url.password),
    }
  issue.addIssue({ code: 'custom', message: 'must be smtps://user:password@host:465, or smtp:// for STARTTLS at 587' })
  return z.NEVER
})

const text = z
  .string()
  .optional()
  .transform((value) => value || undefined)

/** The variables of mail, one of the parts of the whole configuration. */
export const mailVariables = {
  MAIL_PROVIDER: z.enum(['console', 'resend', 'smtp']).default('console'),
  MAIL_FROM: z.string().default('APIQ <apiq@localhost>').pipe(mailbox),
  RESEND_API_KEY: text,
  RESEND_BASE_URL: z.url().default('https://api.resend.com'),
  SMTP_URL: text.pipe(smtpUrl.optional()),
}

type MailVariables = z.infer<z.ZodObject<typeof mailVariables>>

const MAIL_NEEDS = { console: [], resend: ['RESEND_API_KEY'], smtp: ['SMTP_URL'] } as const

/** Reports what the chosen way of mail lacks. */
export function checkMail(values: MailVariables, issue: z.RefinementCtx): void {
  for (const name of MAIL_NEEDS[values.MAIL_PROVIDER])
    if (!values[name])
      issue.addIssue({ code: 'custom', path: [name], message: `is needed by MAIL_PROVIDER=${values.MAIL_PROVIDER}` })
}

/** The settings of mail, as the rest of the code takes them. */
export function mailConfigOf(v: MailVariables): MailConfig {
  const from = v.MAIL_FROM
  if (v.MAIL_PROVIDER === 'smtp' && v.SMTP_URL) return { provider: 'smtp', from, ...v.SMTP_URL }
  if (v.MAIL_PROVIDER === 'resend' && v.RESEND_API_KEY)
    return { provider: 'resend', from, apiKey: v.RESEND_API_KEY, baseUrl: v.RESEND_BASE_URL }
  return { provider: 'console', from }
}
