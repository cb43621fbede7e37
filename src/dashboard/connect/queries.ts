import { useMutation } from '@tanstack/react-query'
import type { Auth } from '../../connections/auth-schema.ts'
import type { ConnectionDetail, NewConnection } from '../../connections/schema.ts'
import { api, send } from '../api/client.ts'
import { keepApi } from '../apis/queries.ts'

/** A connection to make: by JSON, or with its document as a file. */
export type Connecting = { json: NewConnection } | { file: File; name: string; baseUrl: string; auth: Auth }

/** Connects an API. */
export function useConnect() {
  return useMutation({ mutationFn: connect, onSuccess: keepApi })
}

async function connect(input: Connecting): Promise<ConnectionDetail> {
  if ('json' in input) return (await send(api.apis.$post({ json: input.json }))).data
  const { file, name, baseUrl, auth } = input
  const form = {
    spec: file,
    auth: JSON.stringify(auth),
    ...(name ? { name } : {}),
    ...(baseUrl ? { baseUrl } : {}),
  }
  return (await send(api.apis.upload.$post({ form }))).data
}
