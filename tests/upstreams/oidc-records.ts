import type { Adapter, AdapterPayload } from 'oidc-provider'

/** What one provider keeps, by kind and id; gone with it. */
export class Records {
  readonly #records = new Map<string, AdapterPayload>()

  /** The adapter of one kind, as oidc-provider asks for it. */
  adapterOf(kind: string): Adapter {
    const records = this.#records
    const first = (matches: (payload: AdapterPayload) => boolean) =>
      [...records].find(([key, payload]) => key.startsWith(`${kind}:`) && matches(payload))?.[1]
    return {
      upsert: async (id, payload) => void records.set(`${kind}:${id}`, payload),
      find: async (id) => records.get(`${kind}:${id}`),
      findByUid: async (uid) => first((payload) => payload.uid === uid),
      findByUserCode: async (userCode) => first((payload) => payload.userCode === userCode),
      consume: async (id) => {
        const payload = records.get(`${kind}:${id}`)
        if (payload) payload.consumed = Math.floor(Date.now() / 1000)
      },
      destroy: async (id) => void records.delete(`${kind}:${id}`),
      revokeByGrantId: async (grantId) => {
        for (const [key, payload] of records) if (payload.grantId === grantId) records.delete(key)
      },
    }
  }

  /** Forgets everything of some kinds. */
  forget(...kinds: string[]): void {
    for (const key of this.#records.keys()) if (kinds.includes(key.split(':')[0] ?? '')) this.#records.delete(key)
  }
}
