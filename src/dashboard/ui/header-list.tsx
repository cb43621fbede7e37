import { Disclosure } from './disclosure.tsx'

/** The headers of a request or response, on request. */
export function HeaderList({ headers, title = 'Headers' }: { headers: Record<string, string>; title?: string }) {
  const entries = Object.entries(headers)
  if (entries.length === 0) return null
  return (
    <Disclosure summary={title}>
      <dl className="grid gap-1 font-mono text-xs">
        {entries.map(([name, value]) => (
          <div key={name} className="flex flex-wrap gap-x-2">
            <dt className="text-muted">{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </Disclosure>
  )
}
