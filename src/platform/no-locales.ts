// In the place of zod's messages in fifty languages (`alias` in wrangler.toml): the English ones are imported by themselves.
export {}
