import { useState, type ReactNode } from 'react'
import type { EndpointView } from '../../catalog/schema.ts'
import { useMay } from '../auth/may.tsx'
import { Disclosure } from '../ui/disclosure.tsx'
import { EffectField } from './effect-field.tsx'
import { LinksView } from './links-view.tsx'
import { RemoveButton } from './remove-button.tsx'
import { SchemaView } from './schema-view.tsx'
import { TryForm } from './try-form.tsx'

/** Everything there is to know about calling an operation, and the ways to correct and to try it. */
export function OperationDetail({ operation }: { operation: EndpointView }) {
  const may = useMay()
  const { description, parameters, requestBody, response } = operation
  return (
    <div className="grid gap-5 border-t border-line bg-bg/50 px-4 py-4 text-sm sm:pl-11">
      {description && <p className="max-w-prose whitespace-pre-line text-muted">{description}</p>}
      {may.write && <EffectField operation={operation} />}
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
      <Opening summary="How it links to other operations">
        <LinksView operation={operation} />
      </Opening>
      {may.execute && (
        <Disclosure summary="Try it" className="rounded-lg border border-line bg-surface px-3 py-1.5">
          <div className="pb-2">
            <TryForm operation={operation} />
          </div>
        </Disclosure>
      )}
      {may.write && operation.manual && <RemoveButton operation={operation} />}
    </div>
  )
}

/** What is asked for only once somebody opens it. */
function Opening({ summary, children }: { summary: string; children: ReactNode }) {
  const [opened, setOpened] = useState(false)
  return (
    <div onToggle={() => setOpened(true)}>
      <Disclosure summary={summary} className="rounded-lg border border-line bg-surface px-3 py-1.5">
        {opened && <div className="pb-2">{children}</div>}
      </Disclosure>
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
