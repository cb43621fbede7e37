import type { Problem } from '../http/problem.ts'
import { CliError } from './terminal.ts'

/** Calls APIQ's own API with a key. */
export type Api = {
  url: string
  key: string
  /** The `data` of an answer. @throws CliError saying the problem. */
  call: <T>(method: 'GET' | 'POST', path: string, body?: unknown) => Promise<T>
}

/** A client of a running APIQ. */
export function createApi(url: string, key: string): Api {
  return {
    url,
    key,
    call: async <T>(method: 'GET' | 'POST', path: string, body?: unknown) => {
      const response = await fetch(`${url}${path}`, {
        method,
        headers: { 'x-api-key': key, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      const answer = (await response.json()) as { success: true; data: T } | Problem
      if (answer.success) return answer.data
      throw new CliError(`${method} ${path} answered ${answer.status} ${answer.code}: ${answer.detail}`)
    },
  }
}
