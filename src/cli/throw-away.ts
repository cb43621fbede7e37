import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { freshVars, parseVars, type DevVars } from './dev-vars.ts'
import { startStack, type Stack } from './stack.ts'

const ANY_PORT = { port: 0, exact: false }

/**
 * A stack with data, secrets and ports of its own, kept in `folder`: it knows nothing of the developer's and is unknown
 * to it. Whoever starts it calls `stopAll` and removes the folder.
 */
export async function startThrowAway(
  folder: string,
  options: { dashboard: boolean; quiet: boolean; verbose: boolean },
): Promise<{ stack: Stack; vars: DevVars }> {
  const variables = await freshVars()
  const file = join(folder, 'dev.vars')
  await writeFile(file, variables, { mode: 0o600 })
  const stack = await startStack({
    persistTo: join(folder, 'state'),
    registry: join(folder, 'registry'),
    freshVars: file,
    port: ANY_PORT,
    storePort: ANY_PORT,
    ...options,
  })
  return { stack, vars: parseVars(variables) }
}
