import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { answerAsKms } from './kms.ts'
import { countCalls } from './limited.ts'
import { createShelf } from './documents.ts'
import { answerAsEcho } from './echo.ts'
import { answerAsMail, startMail } from './mail.ts'
import { misbehave } from './misbehaving.ts'
import { startOidc, type RunningOidc } from './oidc.ts'
import { answerAsOpenAi } from './openai.ts'
import { handOutPages } from './paged.ts'
import { selfSigned } from './self-signed.ts'
import { startStore, type RunningStore } from './store/server.ts'
import { answerAsTold } from './told.ts'
import { answerAsTokenServer } from './token-server.ts'

/** Upstreams on demand, over HTTP, so that tests inside workerd can have a store of their own. */
export type Farm = { url: string; close: () => Promise<void> }

/**
 * Starts the farm: `POST /stores` opens a fresh store and answers with its URL and key; everything under `/broken/`
 * misbehaves in the way its path says, `/openai/v1` is a model's endpoint, each `/kms/<name>` is an AWS KMS,
 * `POST /oidc` opens a fresh OpenID provider, each `/echo/<id>` is an API that tells callers what they sent,
 * each `/told/<id>` is an API that answers what it was told, `/paged/` hands out lists in pages, `/limited/` counts calls and refuses or fails, each `/token-servers/<name>` issues
 * tokens as it is told, `/mail/` is a mail provider, and `/urls` names the servers that run beside this one.
 */
export async function startFarm(): Promise<Farm> {
  const stores: RunningStore[] = []
  const providers: RunningOidc[] = []
  const shelf = createShelf()
  const server = createServer((request, response) => void answer(request, response))

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.url === '/urls')
      return void response.end(
        JSON.stringify({ selfSigned: `https://127.0.0.1:${tlsPort}`, smtp: plainMail.port, smtpTls: tlsMail.port }),
      )
    if (request.url?.startsWith('/documents/')) return shelf(request, response)
    if (request.url?.startsWith('/broken/')) return misbehave(request, response)
    if (request.url?.startsWith('/echo/')) return answerAsEcho(request, response)
    if (request.url?.startsWith('/told/')) return answerAsTold(request, response)
    if (request.url?.startsWith('/paged/')) return handOutPages(request, response)
    if (request.url?.startsWith('/limited/')) return countCalls(request, response)
    if (request.url?.startsWith('/token-servers/')) return answerAsTokenServer(request, response)
    if (request.method === 'POST' && request.url?.startsWith('/oidc?')) {
      const asked = new URL(request.url, 'http://farm').searchParams
      const oidc = await startOidc(asked.get('clientSecret') ?? '', asked.get('redirectUri') ?? '')
      providers.push(oidc)
      return void response.end(oidc.url)
    }
    if (request.url?.startsWith('/mail/')) return answerAsMail(request, response)
    if (request.url?.startsWith('/kms/')) return answerAsKms(request, response)
    if (request.url?.startsWith('/openai/')) return answerAsOpenAi(request, response)
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

  const [plainMail, tlsMail] = await Promise.all([startMail(null), startMail(selfSigned())])
  const tls = createTlsServer(selfSigned(), misbehave).listen(0, '127.0.0.1')
  await once(tls, 'listening')
  const { port: tlsPort } = tls.address() as AddressInfo
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    close: async () => {
      server.closeAllConnections()
      tls.closeAllConnections()
      tls.close()
      await new Promise((resolve) => server.close(resolve))
      await Promise.all([...stores, ...providers, plainMail, tlsMail].map((running) => running.close()))
    },
  }
}
