import crypto, { randomBytes, timingSafeEqual } from 'node:crypto'

/** Parameters that OWASP's password storage cheat sheet gives for scrypt at 16 MiB of memory, one of its equivalents. */
export const SCRYPT = { N: 2 ** 14, r: 8, p: 5, keylen: 64 } as const

function derive(password: string, salt: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const { N, r, p, keylen } = SCRYPT
    // By way of the module's object, so that tests can count how often it is called.
    crypto.scrypt(password.normalize('NFKC'), salt, keylen, { N, r, p }, (error, key) =>
      error ? reject(error) : resolve(key),
    )
  })
}

/** A password as it is stored: `scrypt.<salt>.<key>`, hexadecimal; derived by workerd's native scrypt (RFC 7914). */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16)
  return `scrypt.${salt.toString('hex')}.${(await derive(password, salt)).toString('hex')}`
}

/** Whether a password is the one that was hashed; takes as long for a wrong one as for the right one. */
export async function verifyPassword({ hash, password }: { hash: string; password: string }): Promise<boolean> {
  const [kind, salt, key] = hash.split('.')
  if (kind !== 'scrypt' || !salt || !key) return false
  const expected = Buffer.from(key, 'hex')
  const actual = await derive(password, Buffer.from(salt, 'hex'))
  return expected.length === actual.length && timingSafeEqual(expected, actual)
}
