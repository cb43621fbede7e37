const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
const PARENT_CHECK_MS = 500

/**
 * Calls back once when this process is asked to end: Ctrl-C, SIGTERM, a closed terminal, or the death of the process
 * that started it. More of the same is ignored, for one Ctrl-C arrives through the terminal, through npm and through
 * the process in between.
 */
export function onStopSignal(stop: () => Promise<void>): void {
  let asked = false
  const once = () => {
    if (asked) return
    asked = true
    void stop()
  }
  for (const signal of SIGNALS) process.on(signal, once)
  const parent = process.ppid
  setInterval(() => {
    if (process.ppid !== parent) once()
  }, PARENT_CHECK_MS).unref()
}
