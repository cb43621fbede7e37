import { Link, useSearch } from 'wouter'
import { Button } from '../ui/button.tsx'
import { Notice } from '../ui/notice.tsx'
import { ProblemNotice } from '../ui/problem-notice.tsx'
import { PublicPage } from './auth-page.tsx'
import { useVerifyEmail } from './account-queries.ts'

/** Where the link of a mail leads to confirm an address. A person presses: programs that open links confirm nothing. */
export function VerifyPage() {
  const verify = useVerifyEmail()
  const proof = new URLSearchParams(useSearch()).get('proof') ?? ''
  const on = (
    <Link href="/" className="font-medium text-accent-ink underline">
      Go on to APIQ
    </Link>
  )
  return (
    <PublicPage title="Confirm your e-mail address" foot={on}>
      <div className="grid gap-4">
        {verify.isError && <ProblemNotice error={verify.error} />}
        {verify.isSuccess ? (
          <Notice tone="ok" role="status" title="Your e-mail address is confirmed." />
        ) : (
          <Button look="primary" busy={verify.isPending} onClick={() => verify.mutate(proof)}>
            Confirm
          </Button>
        )}
      </div>
    </PublicPage>
  )
}
