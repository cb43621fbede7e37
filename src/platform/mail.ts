import type { Config } from '../config.ts'
import type { MailConfig } from '../mail-config.ts'
import { fetchOutbound } from './outbound.ts'
import type { Log } from './log.ts'
import { sendSmtp } from './smtp.ts'

/** A mail to one person, in plain text. `link` is what the person shall open; it stands in `text` too. */
export type Mail = { to: string; subject: string; text: string; link: string | null }

/** A mail as the development page lists it. */
export type PrintedMail = Mail & { at: string }

/** What sending needs of the world. */
type Sender = { config: Config; fetch: typeof fetch; log: Log; now: () => number }

const MAX_PRINTED = 50
const RESEND_TIMEOUT_MS = 10_000
const MAX_ANSWER_BYTES = 100_000

// Of this isolate, newest first: for the page of the development environment, which has one isolate.
const printed: PrintedMail[] = []

/** Mails printed since this isolate started, newest first. */
export function printedMails(): readonly PrintedMail[] {
  return printed
}

/** Hands a mail on. @throws Error when the server does not take it; its message names no secret. */
export async function sendMail(sender: Sender, mail: Mail): Promise<void> {
  const { mail: settings } = sender.config
  if (settings.provider === 'console') print(sender, mail)
  else if (settings.provider === 'resend') await sendByResend(sender, settings, mail)
  else await sendSmtp(settings, { ...mail, from: settings.from, at: sender.now() })
}

function print({ config, log, now }: Sender, mail: Mail): void {
  // Outside of development nothing lists it, and a link that opens an account does not belong in a log.
  if (config.environment !== 'dev')
    return log.warn('mail not sent: MAIL_PROVIDER is console', { subject: mail.subject })
  printed.unshift({ ...mail, at: new Date(now()).toISOString() })
  printed.length = Math.min(printed.length, MAX_PRINTED)
  log.info('mail', { to: mail.to, subject: mail.subject, link: mail.link })
}

/** Resend's API (https://resend.com/docs/api-reference/emails/send-email). */
async function sendByResend(
  { config, fetch }: Sender,
  settings: Extract<MailConfig, { provider: 'resend' }>,
  { to, subject, text }: Mail,
): Promise<void> {
  const { name, address } = settings.from
  const from = name ? `${name} <${address}>` : address
  const answer = await fetchOutbound(
    fetch,
    {
      url: `${settings.baseUrl}/emails`,
      method: 'POST',
      headers: new Headers({ authorization: `Bearer ${settings.apiKey}`, 'content-type': 'application/json' }),
      body: JSON.stringify({ from, to: [to], subject, text }),
    },
    {
      allowPrivate: config.allowPrivateUpstreams,
      timeoutMs: RESEND_TIMEOUT_MS,
      maxBytes: MAX_ANSWER_BYTES,
      maxRedirects: 0,
    },
  )
  if (answer.status >= 300) throw new Error(`the mail provider answered ${answer.status}`)
}
