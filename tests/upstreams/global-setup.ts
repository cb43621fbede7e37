import type { TestProject } from 'vitest/node'
import { startFarm } from './farm.ts'

declare module 'vitest' {
  // oxlint-disable-next-line typescript/consistent-type-definitions -- an interface is what can be merged
  interface ProvidedContext {
    /** Where tests ask for upstreams of their own. */
    upstreams: string
  }
}

export default async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const farm = await startFarm()
  provide('upstreams', farm.url)
  return farm.close
}
