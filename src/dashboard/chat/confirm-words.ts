import type { Plan } from '../../planner/schema.ts'
import { humanize, singular } from '../lib/text.ts'

type Step = Plan['steps'][number]

const VERBS = { create: 'creates', update: 'updates', delete: 'deletes', pay: 'makes', message: 'sends' } as const
const ORDER = ['create', 'update', 'pay', 'message', 'delete'] as const

/** What a plan's effects come to: "creates 1 order and sends 1 message"; null when it only reads. */
export function effectWords(steps: readonly Step[]): string | null {
  const parts = ORDER.flatMap((effect) => {
    const counts = new Map<string, number>()
    for (const step of steps)
      if (step.type === 'api_call' && step.effect === effect) {
        const noun = nounOf(step)
        counts.set(noun, (counts.get(noun) ?? 0) + 1)
      }
    const nouns = [...counts].map(([noun, n]) => `${n} ${n === 1 ? noun : plural(noun)}`)
    return nouns.length > 0 ? [`${VERBS[effect]} ${list(nouns)}`] : []
  })
  return parts.length > 0 ? list(parts) : null
}

/** What the button that confirms says. */
export function confirmWords(steps: readonly Step[]): string {
  const effects = effectWords(steps)
  return effects ? `Confirm: ${effects}` : 'Run: reads only'
}

/** What the button that schedules says. */
export function scheduleWords(times: string, edited: boolean): string {
  return edited ? `Schedule: runs the edited definition ${times}` : `Schedule: runs ${times}`
}

/** Whether a plan does what cannot be taken back. */
export function isGrave(steps: readonly Step[]): boolean {
  return steps.some(({ type, effect }) => type === 'api_call' && (effect === 'delete' || effect === 'pay'))
}

/** What a step acts on: the last plural of its path, which is how REST names collections. */
function nounOf({ effect, operation }: Step): string {
  if (effect === 'pay') return 'payment'
  if (effect === 'message') return 'message'
  const path = operation?.split(' ')[1] ?? ''
  const collection = path.split('/').findLast((segment) => /^[a-z][\w-]*[^s]s$/i.test(segment))
  return collection ? singular(humanize(collection)) : 'record'
}

function plural(noun: string): string {
  if (/[^aeiou]y$/.test(noun)) return `${noun.slice(0, -1)}ies`
  return /(s|sh|ch|x|z)$/.test(noun) ? `${noun}es` : `${noun}s`
}

function list(words: string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1) ?? ''}`
}
