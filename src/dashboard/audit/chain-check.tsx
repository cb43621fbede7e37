import { ShieldCheck } from 'lucide-react'
import { count } from '../lib/text.ts'
import { Button } from '../ui/button.tsx'
import { Notice } from '../ui/notice.tsx'
import { ProblemNotice } from '../ui/problem-notice.tsx'
import { useVerifyLogs, type Chain } from './queries.ts'

const REASONS = {
  changed: 'An entry was changed',
  missing: 'An entry is missing',
  inserted: 'An entry was put in between',
} as const

/** Checks whether anything of the log was changed, removed or put in between. */
export function ChainCheck() {
  const verify = useVerifyLogs()
  return (
    <div className="grid justify-items-start gap-3">
      <Button busy={verify.isPending} onClick={() => verify.mutate()}>
        {!verify.isPending && <ShieldCheck aria-hidden size={16} />}
        Verify the chain
      </Button>
      {verify.isError && <ProblemNotice error={verify.error} />}
      {verify.data && <Result chain={verify.data} />}
    </div>
  )
}

function Result({ chain: { checked, broken, unsealed, head } }: { chain: Chain }) {
  if (broken)
    return (
      <Notice tone="danger" role="alert" title={`${REASONS[broken.reason]}: the chain breaks at entry ${broken.seq}`}>
        <p>{broken.detail}</p>
        {broken.id && (
          <p>
            Entry <code className="font-mono text-xs">{broken.id}</code>
          </p>
        )}
      </Notice>
    )
  const entries = checked === 1 ? '1 entry' : `${checked.toLocaleString('en')} entries`
  return (
    <Notice tone="ok" role="status" title={`The chain is whole: ${entries} checked`}>
      {unsealed > 0 && <p>{count(unsealed, 'newer one')} will be linked within a minute.</p>}
      {head && (
        <p>
          Its last link, to keep elsewhere: <code className="font-mono text-xs break-all select-all">{head.hash}</code>
        </p>
      )}
    </Notice>
  )
}
