import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { choosePort } from '../../../../src/cli/ports.ts'
import { startGroup } from '../../../../src/cli/process-group.ts'
import { createClient } from '../client.ts'
import { residentMemory } from '../processes.ts'
import { BENCH_KEY } from '../protocol.ts'
import { freshId } from '../subjects.ts'
import { installPackage, type PeerPackage } from './install.ts'
import { CALLS, type Peer, type PeerSetting } from './peer.ts'

/** As npm has it. */
export const NODE_RED: PeerPackage = { name: 'node-red', version: '5.0.7', native: [] }

/** Node-RED: a request, ten calls over connections that are kept, an answer; nothing of it is stored. */
export async function startNodeRed({ folder, upstreamUrl }: PeerSetting): Promise<Peer> {
  const program = await installPackage(folder, NODE_RED)
  const home = join(folder, 'node-red-home')
  await rm(home, { recursive: true, force: true })
  await mkdir(home, { recursive: true })
  const { port } = await choosePort('Node-RED', { port: 0, exact: false })
  await writeFile(join(home, 'flows.json'), JSON.stringify(flowOf(upstreamUrl)))
  await writeFile(join(home, 'settings.js'), `module.exports = ${JSON.stringify(settingsOf(port))}`)
  const group = startGroup([join(program, 'red.js'), '--userDir', home, '--settings', join(home, 'settings.js')])
  await group.matched(/Started flows/)
  const client = createClient(`http://127.0.0.1:${port}`)
  return {
    subject: {
      name: 'node-red',
      title: `Node-RED ${NODE_RED.version}, ten HTTP requests`,
      calls: CALLS.length,
      run: () => client.get(`/chain?next=${freshId()}`),
    },
    memory: () => residentMemory(group.pid),
    close: async () => {
      client.close()
      await group.stop()
    },
  }
}

function settingsOf(port: number) {
  return {
    uiHost: '127.0.0.1',
    uiPort: port,
    flowFile: 'flows.json',
    httpAdminRoot: false,
    telemetry: { enabled: false, updateNotification: false },
    logging: { console: { level: 'info', metrics: false, audit: false } },
  }
}

/** The one before names the next: `payload` is the query at first, then each answer. */
function flowOf(upstreamUrl: string) {
  const common = { z: 'flow', x: 100, y: 100 }
  const calls = CALLS.map((call) => ({
    ...common,
    id: `call${call}`,
    type: 'http request',
    method: 'GET',
    ret: 'obj',
    paytoqs: 'ignore',
    url: `${upstreamUrl}/items/{{{payload.next}}}`,
    persist: true,
    headers: [{ keyType: 'other', keyValue: 'x-bench-key', valueType: 'other', valueValue: BENCH_KEY }],
    wires: [[call === CALLS.length ? 'answer' : `call${call + 1}`]],
  }))
  return [
    { id: 'flow', type: 'tab', label: 'bench' },
    { ...common, id: 'request', type: 'http in', url: '/chain', method: 'get', wires: [['call1']] },
    ...calls,
    { ...common, id: 'answer', type: 'http response', statusCode: '200', wires: [] },
  ]
}
