import { scryptAsync } from '@noble/hashes/scrypt.js'
import { hashPassword, SCRYPT, verifyPassword } from '../../../src/auth/password.ts'

const PASSWORD = 'correct horse battery'
const { N, r, p, keylen: dkLen } = SCRYPT

/** What is stored of the password, by the same parameters, with a salt of its own. */
async function hashInJavaScript(): Promise<string> {
  const salt = crypto.getRandomValues(new Uint8Array(16))
  const key = await scryptAsync(PASSWORD, salt, { N, r, p, dkLen })
  return `scrypt.${Buffer.from(salt).toString('hex')}.${Buffer.from(key).toString('hex')}`
}

const ways: Record<string, () => Promise<string>> = {
  '/native': () => hashPassword(PASSWORD),
  '/javascript': hashInJavaScript,
}

/** Hashes a password the way that the path names; 500 where the Worker would not know the password by it. */
export default {
  async fetch({ url }: Request): Promise<Response> {
    const hash = await ways[new URL(url).pathname]?.()
    const isKnown = hash === undefined || (await verifyPassword({ hash, password: PASSWORD }))
    return new Response(null, { status: isKnown ? 204 : 500 })
  },
}
