import { bundleWorker } from '../../../src/cli/isolate.ts'
import { shutDown } from '../../../src/cli/process-group.ts'
import { onStopSignal } from '../../../src/cli/stop-signals.ts'
import { runMain, say, timed } from '../../../src/cli/terminal.ts'
import { measureEverything } from './measure.ts'
import { HELP, readOptions } from './options.ts'
import { installPeers, openPeersFolder, startPeers, type Peers } from './peers/start.ts'
import { printProfile } from './profile.ts'
import { printResults, toJson } from './report.ts'
import { startUpstream } from './start-upstream.ts'
import { judge } from './targets.ts'

async function main(): Promise<number | void> {
  const options = readOptions()
  if (!options) return say(HELP)
  const folder = options.peers === null ? null : await openPeersFolder(options.peers)
  onStopSignal(async () => {
    await shutDown()
    process.exit(130)
  })
  if (options.installOnly && folder !== null) return await installPeers(folder, options.wants, options.json)
  const bundle = await timed('bundle of the Worker', bundleWorker, options.json)
  const upstream = await startUpstream()
  let peers: Peers | null = null
  try {
    if (options.profile) return await printProfile(bundle, upstream.url, options.seconds)
    if (folder !== null) peers = await startPeers(folder, upstream.url, options.wants, options.json)
    const results = await measureEverything(options, bundle, upstream, peers?.all ?? [])
    const targets = judge(results)
    if (options.json) say(toJson(results, targets))
    else printResults(results, targets)
    const failed = results.failures.length > 0 || targets.some(({ held }) => held === false)
    return options.strict && failed ? 1 : 0
  } finally {
    await peers?.close()
    await upstream.close()
  }
}

await runMain(main)
