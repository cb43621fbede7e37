import { Card } from '../ui/card.tsx'
import { Disclosure } from '../ui/disclosure.tsx'
import { JsonBlock } from '../ui/json-block.tsx'
import { count, humanize } from '../lib/text.ts'
import { LargeValue } from './large-value.tsx'
import { shapeOf, type Row, type Shape } from './result-shape.ts'
import { ResultTable } from './result-table.tsx'
import { ResultValue } from './result-value.tsx'

/** What came out of a run, shown as what it is. */
export function ResultView({ output }: { output: unknown }) {
  const shape = shapeOf(output)
  return (
    <section aria-labelledby="result" className="appear grid gap-3">
      <div className="flex items-baseline justify-between gap-3">
        <h2 id="result" className="text-lg">
          Result
        </h2>
        {shape.kind === 'table' && <p className="text-sm text-muted">{count(shape.rows.length, 'row')}</p>}
      </div>
      <Body shape={shape} />
      {shape.kind !== 'nothing' && shape.kind !== 'elsewhere' && <AsJson value={output} />}
    </section>
  )
}

function AsJson({ value }: { value: unknown }) {
  return (
    <Disclosure summary="As JSON">
      <JsonBlock value={value} label="Result as JSON" />
    </Disclosure>
  )
}

function Body({ shape }: { shape: Shape }) {
  switch (shape.kind) {
    case 'table':
      return (
        <>
          <ResultTable rows={shape.rows} />
          <Beside record={shape.beside} />
        </>
      )
    case 'record':
      return (
        <Card>
          <dl className="grid gap-3 sm:grid-cols-[max-content_minmax(0,1fr)] sm:gap-x-8">
            {Object.entries(shape.record).map(([name, value]) => (
              <div key={name} className="grid sm:col-span-2 sm:grid-cols-subgrid sm:items-baseline">
                <dt className="text-sm text-muted first-letter:uppercase">{humanize(name)}</dt>
                <dd>
                  <ResultValue value={value} />
                </dd>
              </div>
            ))}
          </dl>
        </Card>
      )
    case 'list':
      return shape.values.length === 0 ? <Nothing text="An empty list." /> : <Values values={shape.values} />
    case 'scalar':
      return (
        <Card>
          <p className="text-lg whitespace-pre-wrap">{String(shape.value)}</p>
        </Card>
      )
    case 'elsewhere':
      return (
        <LargeValue value={shape.ref}>
          {(whole) => (
            <>
              <Body shape={shapeOf(whole)} />
              <AsJson value={whole} />
            </>
          )}
        </LargeValue>
      )
    case 'nothing':
      return <Nothing text="Done. The API answered without content." />
  }
}

function Beside({ record }: { record: Row }) {
  const entries = Object.entries(record).filter(([, value]) => value !== null)
  if (entries.length === 0) return null
  return (
    <dl className="flex flex-wrap gap-x-6 gap-y-1 text-sm">
      {entries.map(([name, value]) => (
        <div key={name} className="flex gap-2">
          <dt className="text-muted">{humanize(name)}</dt>
          <dd>{String(value)}</dd>
        </div>
      ))}
    </dl>
  )
}

function Values({ values }: { values: readonly unknown[] }) {
  return (
    <Card>
      <ul className="list-disc space-y-1 pl-5">
        {values.slice(0, 200).map((value, index) => (
          <li key={index}>
            <ResultValue value={value} />
          </li>
        ))}
      </ul>
    </Card>
  )
}

function Nothing({ text }: { text: string }) {
  return <p className="rounded-xl bg-sunken px-4 py-6 text-center text-muted">{text}</p>
}
