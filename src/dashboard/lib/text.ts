const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' })
const UNITS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const

/** How long ago: "3 minutes ago". */
export function ago(iso: string, now = Date.now()): string {
  const passed = Date.parse(iso) - now
  const unit = UNITS.find(([, ms]) => Math.abs(passed) >= ms)
  return unit ? relative.format(Math.round(passed / unit[1]), unit[0]) : 'just now'
}

/** How far ahead: "in 3 minutes"; what is past is "now". */
export function until(iso: string, now = Date.now()): string {
  const left = Date.parse(iso) - now
  if (left <= 0) return 'now'
  const unit = UNITS.find(([, ms]) => left >= ms)
  return unit ? relative.format(Math.round(left / unit[1]), unit[0]) : 'in a moment'
}

/** How long: "840 ms", "2.4 s", "3 min 5 s". */
export function duration(ms: number): string {
  if (ms < 1000) return `${Math.max(0, Math.round(ms))} ms`
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`
  const seconds = Math.floor(ms / 1000)
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`
}

/** A number with its noun: "1 step", "3 steps". */
export function count(n: number, noun: string): string {
  return `${n.toLocaleString('en')} ${noun}${n === 1 ? '' : 's'}`
}

/** A name as words: "lineItems" and "line-items" become "line items". */
export function humanize(name: string): string {
  return name
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .replace(/[_-]+/g, ' ')
    .toLowerCase()
}

/** The singular of an English noun, by its ending. */
export function singular(noun: string): string {
  if (noun.endsWith('ies')) return `${noun.slice(0, -3)}y`
  if (/(ss|sh|ch|x|z)es$/.test(noun)) return noun.slice(0, -2)
  return /[^s]s$/.test(noun) ? noun.slice(0, -1) : noun
}

/** A size in the unit that suits it: "840 bytes", "12 kB", "1.2 MB". */
export function bytes(size: number): string {
  if (size < 1000) return count(size, 'byte')
  return size < 1_000_000 ? `${Math.round(size / 1000)} kB` : `${(size / 1_000_000).toFixed(1)} MB`
}
