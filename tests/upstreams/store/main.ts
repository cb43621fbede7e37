import { parseArgs } from 'node:util'
import { startStore } from './server.ts'

try {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '8788' },
      host: { type: 'string', default: '127.0.0.1' },
      key: { type: 'string' },
    },
  })
  const { port, host, key } = values
  const store = await startStore({ port: Number(port), host, ...(key === undefined ? {} : { apiKey: key }) })
  console.log(`store listening on ${store.url}`)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void store.close())
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
