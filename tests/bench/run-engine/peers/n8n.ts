import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { choosePort } from '../../../../src/cli/ports.ts'
import { runToEnd, startGroup } from '../../../../src/cli/process-group.ts'
import { createClient } from '../client.ts'
import { residentMemory } from '../processes.ts'
import { BENCH_KEY } from '../protocol.ts'
import { freshId } from '../subjects.ts'
import { installPackage, type PeerPackage } from './install.ts'
import { CALLS, type Peer, type PeerSetting } from './peer.ts'

/** As npm has it; of what is native only its database is to be built, the rest comes built. */
export const N8N: PeerPackage = { name: 'n8n', version: '2.41.1', native: ['sqlite3'] }
const WORKFLOW = 'benchchain'

/** n8n as it installs itself (one process, SQLite): webhook, ten HTTP requests, answer. */
export async function startN8n({ folder, upstreamUrl }: PeerSetting): Promise<Peer> {
  const program = join(await installPackage(folder, N8N), 'bin/n8n')
  const home = join(folder, 'n8n-home')
  await rm(home, { recursive: true, force: true })
  await mkdir(home, { recursive: true })
  const file = join(home, 'workflow.json')
  await writeFile(file, JSON.stringify([workflowOf(upstreamUrl)]))
  const { port } = await choosePort('n8n', { port: 0, exact: false })
  const { port: broker } = await choosePort("n8n's runners", { port: 0, exact: false })
  const env = environmentOf(home, port, broker)
  await runToEnd('n8n import:workflow', [program, 'import:workflow', `--input=${file}`], { env })
  await runToEnd('n8n publish:workflow', [program, 'publish:workflow', `--id=${WORKFLOW}`], { env })
  const group = startGroup([program, 'start'], { env })
  await group.matched(/Editor is now accessible/)
  const client = createClient(`http://127.0.0.1:${port}`)
  return {
    subject: {
      name: 'n8n',
      title: `n8n ${N8N.version}, ten HTTP Request nodes`,
      calls: CALLS.length,
      run: () => client.get(`/webhook/chain?next=${freshId()}`),
    },
    memory: () => residentMemory(group.pid),
    close: async () => {
      client.close()
      await group.stop()
    },
  }
}

function environmentOf(home: string, port: number, broker: number): Record<string, string> {
  return {
    N8N_USER_FOLDER: home,
    N8N_LISTEN_ADDRESS: '127.0.0.1',
    N8N_HOST: '127.0.0.1',
    N8N_PORT: String(port),
    N8N_RUNNERS_BROKER_PORT: String(broker),
    // Nothing of it may talk to anybody.
    N8N_DIAGNOSTICS_ENABLED: 'false',
    N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
    N8N_VERSION_NOTIFICATIONS_WHATS_NEW_ENABLED: 'false',
    N8N_DYNAMIC_BANNERS_ENABLED: 'false',
    N8N_TEMPLATES_ENABLED: 'false',
    N8N_PERSONALIZATION_ENABLED: 'false',
    N8N_HIRING_BANNER_ENABLED: 'false',
    N8N_LICENSE_AUTO_RENEW_ENABLED: 'false',
    N8N_AI_ENABLED: 'false',
  }
}

function workflowOf(upstreamUrl: string) {
  const nodes = [
    {
      name: 'Webhook',
      type: 'n8n-nodes-base.webhook',
      typeVersion: 2,
      webhookId: WORKFLOW,
      parameters: { httpMethod: 'GET', path: 'chain', responseMode: 'responseNode', options: {} },
    },
    ...CALLS.map((call) => ({
      name: `Call ${call}`,
      type: 'n8n-nodes-base.httpRequest',
      typeVersion: 4.2,
      parameters: {
        url: `=${upstreamUrl}/items/{{ ${call === 1 ? '$json.query.next' : '$json.next'} }}`,
        sendHeaders: true,
        headerParameters: { parameters: [{ name: 'x-bench-key', value: BENCH_KEY }] },
        options: {},
      },
    })),
    {
      name: 'Answer',
      type: 'n8n-nodes-base.respondToWebhook',
      typeVersion: 1.1,
      parameters: { respondWith: 'firstIncomingItem', options: {} },
    },
  ]
  const connections = Object.fromEntries(
    nodes
      .slice(0, -1)
      .map(({ name }, index) => [name, { main: [[{ node: nodes[index + 1]?.name, type: 'main', index: 0 }]] }]),
  )
  return {
    id: WORKFLOW,
    name: 'Ten chained GETs',
    nodes: nodes.map((node, index) => ({ ...node, id: `node-${index}`, position: [index * 200, 0] })),
    connections,
    settings: { executionOrder: 'v1' },
    active: false,
  }
}
