import { Blocks, Eye } from 'lucide-react'
import { useState } from 'react'
import { useMay } from '../auth/may.tsx'
import { ButtonLink } from '../ui/button.tsx'
import { EmptyState } from '../ui/card.tsx'
import { ProblemNotice } from '../ui/problem-notice.tsx'
import { useTitle } from '../ui/use-title.ts'
import { Examples } from './example-list.tsx'
import { chatOf, useHistory, type Turn } from './history.ts'
import { MessageForm } from './message-form.tsx'
import { useAsk, useExamples } from './queries.ts'
import { TurnView } from './turn-view.tsx'

/** Say what should happen; whoever may not let anything happen is told where to look. */
export function ChatPage() {
  useTitle('Chat')
  return useMay().execute ? <Chat /> : <OnlyLooking />
}

/** The message, and the answers below it, the newest first. */
function Chat() {
  const [text, setText] = useState('')
  const [fresh, setFresh] = useState(false)
  const turns = useHistory()
  const examples = useExamples()
  const ask = useAsk()
  const planning = turns.some(({ state }) => state === 'planning')
  const submit = (message: string) => {
    if (message.trim() === '' || planning) return
    setText('')
    setFresh(false)
    ask.mutate({ message: message.trim(), chatId: fresh ? undefined : chatOf(turns) })
  }
  if (examples.data === null && turns.length === 0) return <NothingConnected />
  return (
    <div className={`grid gap-8 ${turns.length === 0 ? 'md:pt-[12vh]' : ''}`}>
      <section className="grid gap-4">
        <MessageForm
          text={text}
          busy={planning}
          goesOn={!fresh && chatOf(turns) !== undefined}
          onChange={setText}
          onSubmit={() => submit(text)}
          onStartAnew={() => setFresh(true)}
        />
        {turns.length === 0 && <Examples query={examples} onChoose={setText} />}
        {examples.isError && <ProblemNotice error={examples.error} onRetry={() => void examples.refetch()} />}
      </section>
      <p aria-live="polite" className="sr-only">
        {newsOf(turns[0])}
      </p>
      {turns.length > 0 && (
        <ol aria-label="Messages" className="grid gap-8">
          {turns.map((turn) => (
            <li key={turn.key} className="min-w-0">
              <TurnView turn={turn} onRetry={submit} />
            </li>
          ))}
        </ol>
      )}
    </div>
  )
}

/** What is read out when an answer arrives; a failure says so itself. */
function newsOf(turn: Turn | undefined): string {
  if (turn?.state === 'planning') return 'Making a plan'
  if (turn?.state !== 'planned') return ''
  if (turn.plan.status === 'needs_choice') return 'There are two readings to choose from'
  return turn.plan.definition === null ? 'No operation does this' : 'The plan is ready to confirm'
}

function OnlyLooking() {
  const action = (
    <div className="flex flex-wrap justify-center gap-2">
      <ButtonLink href="/runs">Runs</ButtonLink>
      <ButtonLink href="/workflows">Workflows</ButtonLink>
      <ButtonLink href="/settings/audit">Audit log</ButtonLink>
    </div>
  )
  return (
    <div className="grid gap-6">
      <h1 className="text-2xl">Welcome to APIQ</h1>
      <EmptyState icon={<Eye size={24} />} title="You see everything here and change nothing" action={action}>
        As an auditor you can look at every API, workflow, run and entry of the audit log.
      </EmptyState>
    </div>
  )
}

function NothingConnected() {
  const action = (
    <ButtonLink href="/apis/new" look="primary">
      Connect your first
    </ButtonLink>
  )
  return (
    <div className="grid gap-6">
      <h1 className="text-2xl">Welcome to APIQ</h1>
      <EmptyState icon={<Blocks size={24} />} title="Connect an API first" action={action}>
        Then say in plain English what should happen. You see every call before anything is done.
      </EmptyState>
    </div>
  )
}
