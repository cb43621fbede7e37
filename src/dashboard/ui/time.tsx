import { ago } from '../lib/text.ts'

/** A moment, as how long ago it was; the exact time is its title. */
export function Time({ at }: { at: string }) {
  return (
    <time dateTime={at} title={new Date(at).toLocaleString()}>
      {ago(at)}
    </time>
  )
}
