import type { ApiKey } from '../../keys/schema.ts'
import { RotateDialog } from '../ui/rotate-dialog.tsx'
import { IssuedToken } from './issued-token.tsx'
import { useRotateKey } from './queries.ts'

/** Gives a key another token, and shows it. */
export function RotateKeyDialog({ apiKey, onClose }: { apiKey: ApiKey; onClose: () => void }) {
  const rotate = useRotateKey(apiKey)
  return (
    <RotateDialog
      title={`Rotate ${apiKey.name}`}
      label="The key until now still works"
      hints={{ atOnce: 'It is refused from now on.', later: 'Time to put the new one where the old one is.' }}
      rotate={rotate}
      issued={{
        title: `The new key of ${apiKey.name}`,
        show: ({ token }) => <IssuedToken token={token} onClose={onClose} />,
      }}
      onRotate={(seconds) => rotate.mutate(seconds)}
      onClose={onClose}
    />
  )
}
