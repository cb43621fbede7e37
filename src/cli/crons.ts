const MINUTE_MS = 60_000

/** The crons of wrangler.toml that come by day, and every how many minutes. */
const CRONS = [
  ['* * * * *', 1],
  ['*/5 * * * *', 5],
] as const

/** Fires the crons of a Worker on `wrangler dev`, which leaves that to whoever asks; schedules would never be due. */
export function fireCrons(url: string): void {
  let minute = 0
  setInterval(() => {
    minute++
    for (const [cron, every] of CRONS)
      // One that is missed, as while the Worker starts anew, is made up for by the next.
      if (minute % every === 0)
        void fetch(`${url}/cdn-cgi/handler/scheduled?cron=${encodeURIComponent(cron)}`).catch(() => undefined)
  }, MINUTE_MS).unref()
}
