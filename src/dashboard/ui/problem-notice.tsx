import { toTrouble } from '../api/problem.ts'
import { Button } from './button.tsx'
import { Notice } from './notice.tsx'

/** What the Worker said was wrong: the detail, each place it names, and the request id to report. */
export function ProblemNotice({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const { status, title, detail, errors = [], requestId } = toTrouble(error)
  const [first] = errors
  const said = errors.length === 1 && first && !first.fix && detail.includes(first.message)
  const shown = said ? [] : errors.slice(0, 20)
  return (
    <Notice tone="danger" title={title} role="alert">
      <p>{detail}</p>
      {shown.length > 0 && (
        <ul className="list-disc space-y-1 pl-5">
          {shown.map(({ path, message, line, fix }) => (
            <li key={`${path} ${message}`}>
              {path && <code className="font-mono text-xs">{path}</code>} {message}
              {line !== undefined && ` (line ${line.toLocaleString('en')})`}
              {fix && <span className="block text-ink">{fix}</span>}
            </li>
          ))}
        </ul>
      )}
      {errors.length > shown.length && shown.length > 0 && <p>… and {errors.length - shown.length} more.</p>}
      {requestId && (
        <p className="text-xs">
          Request id <code className="font-mono select-all">{requestId}</code>
        </p>
      )}
      {onRetry && status !== 404 && (
        <div className="pt-1">
          <Button onClick={onRetry}>Try again</Button>
        </div>
      )}
    </Notice>
  )
}
