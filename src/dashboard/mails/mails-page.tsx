import { Disclosure } from '../ui/disclosure.tsx'
import { PageHeader } from '../ui/card.tsx'
import { Listing } from '../ui/listing.tsx'
import { Time } from '../ui/time.tsx'
import { useTitle } from '../ui/use-title.ts'
import { useMails } from './queries.ts'

/** In development no mail leaves: what would have been sent, with its link. */
export function MailsPage() {
  useTitle('E-mails')
  const mails = useMails()
  return (
    <div className="grid gap-6">
      <PageHeader title="E-mails">In development no mail leaves. What would have been sent is here.</PageHeader>
      <Listing
        label="E-mails"
        query={mails}
        items={mails.data ?? []}
        keyOf={({ at, to, subject }) => `${at} ${to} ${subject}`}
        empty="No mail was written since the Worker started."
      >
        {({ to, subject, text, link, at }) => (
          <div className="grid gap-1.5 px-4 py-3.5 sm:px-5">
            <h3 className="text-[0.9375rem]">{subject}</h3>
            <p className="text-sm text-muted">
              To {to} · <Time at={at} />
            </p>
            {link && (
              <a href={link} className="justify-self-start text-sm font-medium text-accent-ink underline">
                Open its link
              </a>
            )}
            <Disclosure summary="Text">
              <p className="text-sm whitespace-pre-wrap">{text}</p>
            </Disclosure>
          </div>
        )}
      </Listing>
    </div>
  )
}
