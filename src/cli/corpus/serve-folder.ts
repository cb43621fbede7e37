import { once } from 'node:events'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, resolve, sep } from 'node:path'

const TYPES: Record<string, string> = {
  '.json': 'application/json',
  '.yaml': 'application/yaml',
  '.yml': 'application/yaml',
}

/** Serves the files of a folder over HTTP on loopback. */
export async function serveFolder(folder: string): Promise<{ url: string; close: () => Promise<void> }> {
  const root = resolve(folder)
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost')
    const file = resolve(root, `.${decodeURIComponent(pathname)}`)
    void (async () => {
      const found = file.startsWith(root + sep) && (await stat(file).catch(() => null))
      if (!found || !found.isFile()) return response.writeHead(404).end()
      const type = TYPES[extname(file).toLowerCase()] ?? 'application/octet-stream'
      response.writeHead(200, { 'content-type': type, 'content-length': found.size })
      return createReadStream(file).pipe(response)
    })()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    close: async () => {
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
    },
  }
}
