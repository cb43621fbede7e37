import { ChevronRight } from 'lucide-react'
import { useState, type ReactNode } from 'react'
import type { EndpointView } from '../../catalog/schema.ts'
import { EffectBadge } from '../ui/effect-badge.tsx'
import { SchemaView } from './schema-view.tsx'

/** One operation; opened, everything the specification says about calling it. */
export function OperationRow({ operation }: { operation: EndpointView }) {
  const [opened, setOpened] = useState(false)
  const { method, path, summary, effect, deprecated } = operation
  return (
    <details onToggle={(event) => event.currentTarget.open && setOpened(true)}>
      <summary className="flex list-none items-start gap-3 px-4 py-3 -outline-offset-2 hover:bg-sunken">
        <ChevronRight aria-hidden size={16} className="chevron mt-1 shrink-0 text-muted transition-transform" />
        <span className="grid min-w-0 flex-1 gap-0.5">
          <span className="flex flex-wrap items-center gap-x-2 gap-y-1 text-sm font-medium">
            {summary || operation.operationId || path}
            {deprecated && <span className="rounded bg-update-soft px-1.5 text-xs text-update">deprecated</span>}
          </span>
          <code className="font-mono text-xs text-muted">
            {method} {path}
          </code>
        </span>
        <EffectBadge effect={effect} />
      </summary>
      {opened && <OperationDetail operation={operation} />}
    </details>
  )
}

function OperationDetail({ operation }: { operation: EndpointView }) {
  const { description, parameters, requestBody, response } = operation
  return (
    <div className="grid gap-5 border-t border-line bg-bg/50 px-4 py-4 text-sm sm:pl-11">
      {description && <p className="max-w-prose whitespace-pre-line text-muted">{description}</p>}
      {parameters.length > 0 && (
        <Part title="Parameters">
          <ul className="grid gap-3">
            {parameters.map((parameter) => (
              <li key={`${parameter.in} ${parameter.name}`}>
                <SchemaView
                  name={parameter.name}
                  note={parameter.in}
                  required={parameter.required}
                  description={parameter.description}
                  schema={parameter.schema}
                />
              </li>
            ))}
          </ul>
        </Part>
      )}
      {requestBody && (
        <Part title="Body">
          <SchemaView note={requestBody.contentType} required={requestBody.required} schema={requestBody.schema} open />
        </Part>
      )}
      <Part title="Response">
        {response ? (
          <SchemaView schema={response} open />
        ) : (
          <p className="text-muted">The specification does not say.</p>
        )}
      </Part>
    </div>
  )
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="grid gap-2">
      <h3 className="text-xs font-semibold text-muted uppercase">{title}</h3>
      {children}
    </section>
  )
}
