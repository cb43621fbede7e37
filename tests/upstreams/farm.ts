import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { misbehave } from './misbehaving.ts'
import { answerAsOpenAi } from './openai.ts'
import { startStore, type RunningStore } from './store/server.ts'

/** Upstreams on demand, over HTTP, so that tests inside workerd can have a store of their own. */
export type Farm = { url: string; close: () => Promise<void> }

/**
 * Starts the farm: `POST /stores` opens a fresh store and answers with its URL and key; everything under `/broken/`
 * misbehaves in the way its path says, and `/openai/v1` is a model's endpoint.
 */
export async function startFarm(): Promise<Farm> {
  const stores: RunningStore[] = []
  const server = createServer((request, response) => void answer(request, response))

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.url?.startsWith('/broken/')) return misbehave(request, response)
    if (request.url === '/openai/v1/chat/completions') return answerAsOpenAi(request, response)
    if (request.method === 'POST' && request.url === '/stores') {
      const store = await startStore()
      stores.push(store)
      response
        .setHeader('content-type', 'application/json')
        .end(JSON.stringify({ url: store.url, apiKey: store.apiKey }))
      return
    }
    response.writeHead(404).end()
  }

  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await Promise.all(stores.map((store) => store.close()))
    },
  }
}
