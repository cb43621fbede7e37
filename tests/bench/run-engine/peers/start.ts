import { mkdir } from 'node:fs/promises'
import { resolve } from 'node:path'
import { timed } from '../../../../src/cli/terminal.ts'
import { makeTemporaryFolder } from '../temporary-folder.ts'
import { installPackage } from './install.ts'
import { N8N, startN8n } from './n8n.ts'
import { NODE_RED, startNodeRed } from './node-red.ts'
import type { Peer } from './peer.ts'

/** Everything that is started besides ours, and what to do with it at the end. */
export type Peers = { all: Peer[]; close: () => Promise<void> }

/** Where to install: a folder that stays, or one that goes when the bench ends. */
export async function openPeersFolder(wish: string): Promise<string> {
  if (wish === 'temporary') return makeTemporaryFolder('peers')
  const folder = resolve(wish)
  await mkdir(folder, { recursive: true })
  return folder
}

/** Installs those that are wanted and starts nothing, so that measuring need not wait for it. */
export async function installPeers(folder: string, wants: (name: string) => boolean, quiet: boolean): Promise<void> {
  for (const peer of [NODE_RED, N8N])
    if (wants(peer.name)) await timed(`${peer.name} ${peer.version}`, () => installPackage(folder, peer), quiet)
}

/** Installs and starts those that are wanted. */
export async function startPeers(
  folder: string,
  upstreamUrl: string,
  wants: (name: string) => boolean,
  quiet: boolean,
): Promise<Peers> {
  const all: Peer[] = []
  const close = async () => void (await Promise.all(all.map((peer) => peer.close())))
  const setting = { folder, upstreamUrl }
  try {
    if (wants('node-red')) all.push(await timed('Node-RED', () => startNodeRed(setting), quiet))
    if (wants('n8n')) all.push(await timed('n8n', () => startN8n(setting), quiet))
    return { all, close }
  } catch (error) {
    await close()
    throw error
  }
}
