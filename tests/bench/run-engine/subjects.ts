import type { Apiq } from './apiq.ts'
import type { Post } from './client.ts'
import { expressionsOf, orderOf } from './expressions.ts'
import type { Subject } from './load.ts'
import { BENCH_KEY } from './protocol.ts'

let count = 0

/** An id that nobody had before. */
export function freshId(prefix = 'run'): string {
  return `${prefix}${++count}.1`
}

/** Everything that is measured under load, floors first. */
export function listSubjects(apiq: Apiq, postFloor: Post, upstream: string): Subject[] {
  const floor = (path: string, more: object = {}) =>
    postFloor(path, { upstream, key: BENCH_KEY, id: freshId(), ...more })
  const slow = { path: '/slow' }
  return [
    { name: 'bare', calls: 10, title: 'bare chain, ten GETs', run: () => floor('/chain') },
    { name: 'bare-posts', calls: 10, title: 'bare chain, ten POSTs', run: () => floor('/chain', { method: 'POST' }) },
    { name: 'empty', calls: 0, title: 'fresh object, nothing else', run: () => floor('/empty') },
    { name: 'object', calls: 10, title: 'fresh object, ten GETs, a write each', run: () => floor('/object') },
    { name: 'pooled', calls: 10, title: 'object that stays, ten GETs, a write each', run: () => floor('/pooled') },
    {
      name: 'effects',
      calls: 10,
      title: 'fresh object, ten flushed writes, ten POSTs',
      run: () => floor('/effects', { method: 'POST' }),
    },
    { name: 'workflows', calls: 10, title: 'Cloudflare Workflows, ten step.do', run: () => floor('/workflow') },
    { name: 'apiq', calls: 10, title: 'APIQ, ten chained GETs', run: () => apiq.run('gets', { id: freshId() }) },
    {
      name: 'apiq-posts',
      calls: 10,
      title: 'APIQ, ten chained POSTs',
      run: () => apiq.run('posts', { id: freshId() }),
    },
    {
      name: 'jsonata-once',
      calls: 0,
      title: 'bare, ten expressions compiled once',
      run: () => floor('/expressions', { expressions: expressionsOf(0), input: orderOf(freshId()), once: true }),
    },
    {
      name: 'jsonata-each',
      calls: 0,
      title: 'bare, ten expressions compiled each time',
      run: () => floor('/expressions', { expressions: expressionsOf(0), input: orderOf(freshId()), once: false }),
    },
    {
      name: 'apiq-jsonata',
      calls: 0,
      title: 'APIQ, ten expressions',
      run: () => apiq.run('expressions', orderOf(freshId())),
    },
    {
      name: 'apiq-jsonata-each',
      calls: 0,
      title: 'APIQ, ten expressions that it has to compile',
      run: () => apiq.runForgotten(orderOf(freshId())),
    },
    { name: 'bare-one', calls: 1, title: 'bare, one slow GET', run: () => floor('/one', slow) },
    { name: 'apiq-one', calls: 1, title: 'APIQ, one slow GET', run: () => apiq.run('one', { id: freshId() }) },
    {
      name: 'apiq-independent',
      calls: 10,
      title: 'APIQ, ten independent slow GETs',
      run: () => apiq.run('independent', { id: freshId() }),
    },
  ]
}
