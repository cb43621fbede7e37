import type { World } from '../context.ts'
import { errorFields } from '../platform/log.ts'
import { sendMail, type Mail } from '../platform/mail.ts'

type Person = { email: string; name: string }

/**
 * Sends a mail after the answer: how long a mail server takes tells nobody whether there was somebody to write to. One
 * that fails is in the log; whoever waits for it can ask again.
 */
export function mailLater(world: World, mail: Mail): void {
  const failed = (error: unknown) => world.log.error('mail failed', { subject: mail.subject, ...errorFields(error) })
  world.defer(sendMail(world, mail).catch(failed))
}

/** The address of a page of the dashboard. Parameters are given, so that none is written without being encoded. */
export function pageLink({ config, caller }: World, path: string, parameters: Record<string, string>): string {
  const base = config.publicUrl ?? caller.origin ?? ''
  return `${base}${path}?${new URLSearchParams(parameters)}`
}

/** Asks whether an address is really theirs. */
export function mailVerification(world: World, { email, name }: Person, proof: string): void {
  const link = pageLink(world, '/verify-email', { proof })
  const text = `Hello ${name},\n\nopen this link within a day to confirm your e-mail address for APIQ:\n\n${link}\n\nIf you did not register, ignore this mail.\n`
  mailLater(world, { to: email, subject: 'Confirm your e-mail address', text, link })
}

/** Lets them set another password. */
export function mailPasswordReset(world: World, { email, name }: Person, proof: string): void {
  const link = pageLink(world, '/reset-password', { proof })
  const text = `Hello ${name},\n\nopen this link within an hour to choose a new password for APIQ:\n\n${link}\n\nIf you did not ask for it, ignore this mail; your password stays as it is.\n`
  mailLater(world, { to: email, subject: 'Choose a new password', text, link })
}

/** Tells somebody with an account that their address was used to register: only they learn that it is taken. */
export function mailAddressTaken(world: World, { email, name }: Person): void {
  const link = `${world.config.publicUrl ?? world.caller.origin ?? ''}/login`
  const text = `Hello ${name},\n\nsomebody tried to register at APIQ with your e-mail address. You have an account already; sign in here:\n\n${link}\n\nIf it was not you, there is nothing to do.\n`
  mailLater(world, { to: email, subject: 'You have an account already', text, link })
}

/** Asks whether a new address is really theirs, and tells the former one. */
export function mailEmailChange(world: World, { email, name }: Person, newEmail: string, proof: string): void {
  const link = pageLink(world, '/verify-email', { proof })
  const text = `Hello ${name},\n\nopen this link within a day to use this e-mail address for APIQ from now on:\n\n${link}\n\nIf you did not ask for it, ignore this mail.\n`
  mailLater(world, { to: newEmail, subject: 'Confirm your new e-mail address', text, link })
  const told = `Hello ${name},\n\nsomebody who is signed in as you asked to change the e-mail address of your account to ${newEmail}.\n\nIf it was not you, change your password now.\n`
  mailLater(world, { to: email, subject: 'Your e-mail address is being changed', text: told, link: null })
}
