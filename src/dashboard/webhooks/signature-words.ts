import type { SignatureMode } from '../../triggers/schema.ts'

/** How events are signed, in a few words. */
export function signatureWords(mode: SignatureMode): string {
  return mode.type === 'standard' ? 'Standard Webhooks' : `HMAC-SHA256 of the body in ${mode.header}`
}

/** How the sender has to sign, for whoever sets it up there. */
export function signingAdvice(mode: SignatureMode): string {
  if (mode.type === 'standard')
    return 'The sender signs as Standard Webhooks says: headers webhook-id, webhook-timestamp and webhook-signature.'
  const { header, encoding, prefix } = mode
  const begins = prefix ? `, after “${prefix}”` : ''
  return `The sender puts the HMAC-SHA256 of the body into the header ${header}, in ${encoding}${begins}.`
}
