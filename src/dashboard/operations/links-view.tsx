import type { ReactNode } from 'react'
import type { EndpointView } from '../../catalog/schema.ts'
import type { EndpointLinks, Link } from '../../links/schema.ts'
import { useApis } from '../apis/queries.ts'
import { Bar } from '../ui/skeleton.tsx'
import { ProblemNotice } from '../ui/problem-notice.tsx'
import { useLinks } from './queries.ts'

// Why a value fits, in the words that follow the operation it comes from.
const WHY: Readonly<Record<Link['reason'], string>> = {
  own: 'of what it answers with',
  reference: 'which it refers to',
  part: 'of a part of its answer',
  alike: 'of things that look the same',
}
const FEW = 8

/** Where an operation gets ids from, and what its answer is good for, in plain words. */
export function LinksView({ operation }: { operation: EndpointView }) {
  const links = useLinks(operation)
  if (links.isPending) return <Bar className="h-4 w-1/2" />
  if (links.isError) return <ProblemNotice error={links.error} onRetry={() => void links.refetch()} />
  const { status, inputs, outputs } = links.data
  if (status === 'pending')
    return <p className="text-muted">The links of this API are being worked out. Look again in a few minutes.</p>
  return (
    <div className="grid gap-4">
      <Group title="What it needs to know" none={inputs.length === 0 && 'It needs no ids.'}>
        {inputs.map((input) => (
          <Input key={input.slot} input={input} own={operation.connectionId} />
        ))}
      </Group>
      <Group title="What its answer is good for" none={outputs.length === 0 && 'No other operation takes ids from it.'}>
        <LinkList links={outputs} own={operation.connectionId}>
          {(link) => (
            <>
              takes <Code>{link.field}</Code> as its <Code>{nameOf(link.slot)}</Code>
            </>
          )}
        </LinkList>
      </Group>
    </div>
  )
}

function Input({ input, own }: { input: EndpointLinks['inputs'][number]; own: string }) {
  return (
    <div className="grid gap-1">
      <p>
        <Code>{nameOf(input.slot)}</Code> tells which {input.identifies}
        {input.required ? '' : ', where you want to narrow it down'}.
      </p>
      {input.links.length === 0 ? (
        <p className="text-xs text-muted">No connected operation gives it: a plan asks you.</p>
      ) : (
        <LinkList links={input.links} own={own}>
          {(link) => (
            <>
              gives <Code>{link.field}</Code>, {WHY[link.reason]}
            </>
          )}
        </LinkList>
      )}
    </div>
  )
}

/** Operations at the other ends of links, the likeliest first, each followed by what there is to say of it. */
function LinkList({
  links,
  own,
  children,
}: {
  links: readonly Link[]
  own: string
  children: (link: Link) => ReactNode
}) {
  const apis = useApis()
  const elsewhere = ({ connectionId }: Link) =>
    connectionId === own ? null : (apis.items.find(({ id }) => id === connectionId)?.name ?? 'another API')
  return (
    <ul className="grid gap-1.5 border-l-2 border-line pl-3">
      {links.slice(0, FEW).map((link) => (
        <li key={`${link.endpointId} ${link.slot}`} className="grid gap-0.5">
          <span>
            {link.summary || `${link.method} ${link.path}`}
            {elsewhere(link) && <span className="text-muted"> in {elsewhere(link)}</span>}
          </span>
          <span className="text-xs text-muted">
            <Code>
              {link.method} {link.path}
            </Code>{' '}
            {children(link)}
          </span>
        </li>
      ))}
      {links.length > FEW && <li className="text-xs text-muted">and {links.length - FEW} more</li>}
    </ul>
  )
}

function Group({ title, none, children }: { title: string; none: string | false; children: ReactNode }) {
  return (
    <section className="grid gap-2">
      <h4 className="text-xs font-semibold text-muted">{title}</h4>
      {none === false ? children : <p className="text-muted">{none}</p>}
    </section>
  )
}

function Code({ children }: { children: ReactNode }) {
  return <code className="font-mono text-[0.8125rem]">{children}</code>
}

/** The parameter, or the field of the body, without the place it stands in: `items[].productId`. */
function nameOf(slot: string): string {
  return slot.slice(slot.indexOf('.') + 1).replace(/\.\d+(?=\.)/g, '[]')
}
