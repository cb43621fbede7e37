import type { IssuedHook } from '../../triggers/schema.ts'
import { Button } from '../ui/button.tsx'
import { CopyField } from '../ui/copy-field.tsx'
import { Notice } from '../ui/notice.tsx'
import { signingAdvice } from './signature-words.ts'

/** What the sender needs: the URL and the secret, which is shown this once. */
export function IssuedSecret({ hook, onClose }: { hook: IssuedHook; onClose: () => void }) {
  return (
    <div className="grid gap-5">
      <Notice tone="warn" role="status" title="Keep the secret now">
        <p>It is shown this once. Give both to the sender.</p>
      </Notice>
      <CopyField label="URL" value={hook.url} hint="Events go there by POST." />
      <CopyField label="Secret" value={hook.secret} hint={signingAdvice(hook.signature)} />
      <div className="flex justify-end">
        <Button look="primary" onClick={onClose}>
          I have kept it
        </Button>
      </div>
    </div>
  )
}
