import { connect } from 'cloudflare:sockets'
import type { SmtpConfig } from '../mail-config.ts'
import { SmtpDialogue } from './smtp-dialogue.ts'

/** A mail as it is written out: `at` in milliseconds since 1970. */
export type SmtpMail = {
  from: { name: string; address: string }
  to: string
  subject: string
  text: string
  at: number
}

const TIMEOUT_MS = 20_000

/**
 * Hands a mail to a submission server (RFC 5321, 6409): TLS from the start or by STARTTLS, AUTH PLAIN or LOGIN (RFC 4954).
 * Neither a password nor a mail goes over a connection that is not secure, but to this machine.
 * @throws Error with the server's reply, or when it is not done within `timeoutMs`.
 */
export async function sendSmtp(settings: SmtpConfig, mail: SmtpMail, timeoutMs = TIMEOUT_MS): Promise<void> {
  for (const address of [mail.from.address, mail.to]) requireSafeAddress(address)
  const { host, port, tls } = settings
  const socket = connect({ hostname: host, port }, { secureTransport: tls, allowHalfOpen: false })
  const dialogue = new SmtpDialogue(socket)
  let isLate = false
  const timer = setTimeout(() => {
    isLate = true
    void dialogue.close()
  }, timeoutMs)
  try {
    await dialogue.expect(220)
    let offers = await greet(dialogue)
    if (tls === 'starttls' && offers.has('STARTTLS')) {
      await dialogue.ask('STARTTLS', 220)
      dialogue.secure()
      offers = await greet(dialogue)
    } else if (tls === 'starttls' && !isThisMachine(host)) throw new Error('the mail server offers no STARTTLS')
    if (settings.user) await authenticate(dialogue, settings, offers.get('AUTH') ?? [])
    await dialogue.ask(`MAIL FROM:<${mail.from.address}>`, 250)
    await dialogue.ask(`RCPT TO:<${mail.to}>`, 250)
    await dialogue.ask('DATA', 354)
    await dialogue.ask(`${writeMessage(mail)}\r\n.`, 250, 'the message')
    await dialogue.ask('QUIT', 221).catch(() => {})
  } catch (error) {
    if (!isLate) throw error
    throw new Error(`the mail server was not done within ${timeoutMs} ms`, { cause: error })
  } finally {
    clearTimeout(timer)
    await dialogue.close()
  }
}

/** Says hello; what the server can do besides, each with its parameters, in upper case. */
async function greet(dialogue: SmtpDialogue): Promise<Map<string, string[]>> {
  const lines = await dialogue.ask('EHLO apiq', 250)
  return new Map(
    lines.slice(1).map((line) => {
      const [name = '', ...parameters] = line.toUpperCase().split(' ')
      return [name, parameters]
    }),
  )
}

/** LOGIN, which is older than its standard, is all that some servers offer. */
async function authenticate(
  dialogue: SmtpDialogue,
  { user, password }: SmtpConfig,
  offered: readonly string[],
): Promise<void> {
  if (offered.includes('LOGIN') && !offered.includes('PLAIN')) {
    await dialogue.ask('AUTH LOGIN', 334)
    await dialogue.ask(base64(user), 334, 'the user name')
    await dialogue.ask(base64(password), 235, 'AUTH LOGIN')
  } else await dialogue.ask(`AUTH PLAIN ${base64(`\0${user}\0${password}`)}`, 235, 'AUTH PLAIN')
}

function isThisMachine(host: string): boolean {
  return host === 'localhost' || host === '127.0.0.1' || host === '[::1]'
}

/** What stands between angle brackets must not end them, or the line. */
function requireSafeAddress(address: string): void {
  if (!/^[^\s<>@]+@[^\s<>@]+$/.test(address)) throw new Error('the mail address cannot be written to a mail server')
}

/**
 * The message (RFC 5322). The body is Base64, whose lines neither grow too long nor begin with a dot; header text that
 * is not plain is an encoded word (RFC 2047).
 */
function writeMessage({ from, to, subject, text, at }: SmtpMail): string {
  const sender = from.name ? `${encodedWord(from.name)} <${from.address}>` : from.address
  return [
    `From: ${sender}`,
    `To: ${to}`,
    `Subject: ${encodedWord(subject)}`,
    `Date: ${new Date(at).toUTCString().replace('GMT', '+0000')}`,
    `Message-ID: <${crypto.randomUUID()}@${from.address.split('@').at(-1)}>`,
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: base64',
    '',
    ...(base64(text).match(/.{1,76}/g) ?? []),
  ].join('\r\n')
}

function encodedWord(text: string): string {
  return /^[\w .,!?'-]*$/.test(text) ? text : `=?utf-8?B?${base64(text)}?=`
}

function base64(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64')
}
