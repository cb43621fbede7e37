/** What a link of a mail carries: 256 random bits, in URL-safe Base64; kept as a hash only. */
export function randomProof(): string {
  return Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString('base64url')
}
