/** In the place of zod's messages in fifty languages (`alias` in wrangler.toml): the one whose messages come in by themselves. */
export const LANGUAGE = 'en'
