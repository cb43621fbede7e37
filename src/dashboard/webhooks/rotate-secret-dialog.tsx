import { useState } from 'react'
import type { Hook } from '../../triggers/schema.ts'
import { RotateDialog } from '../ui/rotate-dialog.tsx'
import { IssuedSecret } from './issued-secret.tsx'
import { useRotateWebhook } from './queries.ts'
import { SecretField } from './secret-field.tsx'

/** Gives a webhook another secret, and shows it. */
export function RotateSecretDialog({ hook, onClose }: { hook: Hook; onClose: () => void }) {
  const [secret, setSecret] = useState('')
  const rotate = useRotateWebhook(hook)
  return (
    <RotateDialog
      title="Rotate the secret"
      label="The secret until now still works"
      hints={{
        atOnce: 'Events signed with it are refused at once.',
        later: 'Time to give the sender the new one.',
      }}
      rotate={rotate}
      issued={{ title: 'The new secret', show: (issued) => <IssuedSecret hook={issued} onClose={onClose} /> }}
      onRotate={(seconds) => rotate.mutate({ overlapMinutes: seconds / 60, ...(secret ? { secret } : {}) })}
      onClose={onClose}
    >
      <SecretField
        value={secret}
        standard={hook.signature.type === 'standard'}
        error={rotate.error}
        onChange={setSecret}
      />
    </RotateDialog>
  )
}
