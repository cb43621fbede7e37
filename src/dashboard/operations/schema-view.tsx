import { useState } from 'react'
import { Disclosure } from '../ui/disclosure.tsx'
import { childrenOf, typeWords, type Schema } from './schema-words.ts'

/** A JSON Schema as people read it: name, type, whether it must be there, and on request what is inside. */
export function SchemaView({
  name,
  note,
  required = false,
  description,
  schema,
  open = false,
}: {
  name?: string
  note?: string
  required?: boolean
  description?: string
  schema: Schema
  open?: boolean
}) {
  const children = childrenOf(schema)
  const text = description || (typeof schema['description'] === 'string' ? schema['description'] : '')
  return (
    <div className="grid min-w-0 gap-1">
      <p className="flex flex-wrap items-baseline gap-x-2">
        {name && <code className="font-mono text-[0.8125rem] font-semibold">{name}</code>}
        <span className="text-xs text-muted">{typeWords(schema)}</span>
        {note && <span className="text-xs text-muted">{note}</span>}
        {required && <span className="text-xs font-medium text-update">required</span>}
      </p>
      {text && <p className="max-w-prose text-xs text-muted">{text}</p>}
      {children.length > 0 &&
        (open ? <Children schema={schema} /> : <Nested schema={schema} count={children.length} />)}
    </div>
  )
}

function Nested({ schema, count }: { schema: Schema; count: number }) {
  const [opened, setOpened] = useState(false)
  return (
    <div onToggle={() => setOpened(true)}>
      <Disclosure summary={`${count} ${count === 1 ? 'property' : 'properties'}`}>
        {opened && <Children schema={schema} />}
      </Disclosure>
    </div>
  )
}

function Children({ schema }: { schema: Schema }) {
  return (
    <ul className="grid gap-2.5 border-l-2 border-line pl-3">
      {childrenOf(schema).map((child) => (
        <li key={child.name}>
          <SchemaView name={child.name} required={child.required} schema={child.schema} />
        </li>
      ))}
    </ul>
  )
}
