import { Button } from '../ui/button.tsx'
import { CopyField } from '../ui/copy-field.tsx'
import { Notice } from '../ui/notice.tsx'

/** The token of a key, which is shown this once. */
export function IssuedToken({ token, onClose }: { token: string; onClose: () => void }) {
  return (
    <div className="grid gap-5">
      <Notice tone="warn" role="status" title="Keep the key now">
        <p>It is shown this once. Whoever has it can do what it may.</p>
      </Notice>
      <CopyField label="API key" value={token} hint="Send it in the header X-API-Key, or as Authorization: Bearer." />
      <div className="flex justify-end">
        <Button look="primary" onClick={onClose}>
          I have kept it
        </Button>
      </div>
    </div>
  )
}
