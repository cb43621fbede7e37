import { searchEndpoints } from '../catalog/service.ts'
import { isConnected } from '../connections/targets.ts'
import type { Ctx } from '../context.ts'
import { stem } from '../lib/stem.ts'
import { words } from '../lib/words.ts'
import { actingOperations, type Asked } from './chats.ts'
import { planEmbedded } from './embedded.ts'
import { nowOf } from './language/dates.ts'
import type { Made } from './make.ts'
import { retrieveAll, TRIED } from './retrieve/retrieve.ts'
import type { Planned } from './schema.ts'
import { gravest } from './show/show.ts'
import type { Clause } from './understand/clause.ts'
import { understand } from './understand/understand.ts'

// Of two plans, one whose operations are together at least so sure as this part of the other's is about as likely.
const ALIKE = 0.8
const MAX_SUBJECTS = 5
const TOWARDS = new Set(['to', 'on', 'in', 'into', 'via', 'through', 'using', 'with'])

/**
 * A second way to understand a request that is about as likely as the plan at hand and differs in what it does to the
 * world; null where there is none. Of two that only read, the likelier is taken without asking.
 */
export async function otherReading(ctx: Ctx, asked: Asked, made: Made): Promise<Planned | null> {
  const { planned: plan, sureness } = made
  if (sureness === null || plan.definition === null) return null
  const acting = await actingOperations(ctx, plan)
  if (acting.length === 0) return null
  const without = new Set([...asked.without, ...acting])
  const least = ALIKE * sureness
  if ((await mostWithout(ctx, asked.request, without)) < least) return null
  const second = await planEmbedded(ctx, asked.request, without)
  const other = second.planned
  if (other.definition === null || second.sureness < least) return null
  const [does, would] = [gravest(plan.effects), gravest(other.effects)]
  const { clauses } = await retrieveAll(ctx, asked.request, understand(asked.request, nowOf(ctx)))
  const said = new Set<string>(clauses.map(({ effect }) => effect))
  // "Create …" says which of the two it is; "list … and email them" is no reading of which the half is left out.
  return does === would || (said.has(does) && (!said.has(would) || would === 'read')) ? null : other
}

// What a part of a message that is left out does to the sureness of a plan; an aside may be left out for nothing.
const LEFT_OUT = 0.5

/** How sure the operations of a plan can be at most, together, without some of them: most messages need no second plan. */
async function mostWithout(ctx: Ctx, request: string, without: ReadonlySet<string>): Promise<number> {
  const { clauses, candidates } = await retrieveAll(ctx, request, understand(request, nowOf(ctx)))
  const asked = clauses.filter(({ forbids }) => !forbids)
  return asked.reduce((product, clause) => {
    const left =
      candidates[clauses.indexOf(clause)]?.slice(0, TRIED).filter(({ found }) => !without.has(found.id)) ?? []
    const least = clause.aside || clause.terms.length === 0 ? 1 : asked.length > 1 ? LEFT_OUT : 0
    return product * Math.max(least, ...left.slice(0, TRIED).map(({ sure }) => sure))
  }, 1)
}

/**
 * What a request is about and no connected operation so much as mentions: "weather", or, where a part of it names nothing
 * else, whom something goes to ("post it to Slack"). Of a plan that was made only the latter counts, unless it uses it.
 */
export async function absentSubjects(ctx: Ctx, request: string, plan: Planned): Promise<string[]> {
  const clauses = understand(request)
  const used = plan.steps.flatMap((step) => step.bindings.map(({ value }) => value.toLowerCase()))
  const addressees = clauses
    .flatMap(addresseesOf)
    .filter((name) => !used.some((value) => value.includes(name.toLowerCase())))
  if (plan.definition !== null) return absentOf(ctx, addressees)
  const found = await Promise.all([
    absentOf(ctx, addressees),
    ...clauses.map(async ({ content, verb }) => {
      const subjects = content.filter((word) => stem(word) !== verb).slice(0, MAX_SUBJECTS)
      const absent = await absentOf(ctx, subjects)
      // Where a part of it is known, what was asked for is lacking, not the API.
      return absent.length === subjects.length ? absent : []
    }),
  ])
  return [...new Set(found.flat())]
}

async function absentOf(ctx: Ctx, subjects: readonly string[]): Promise<string[]> {
  const found = await Promise.all(
    [...new Set(subjects)].map(async (subject) => {
      const hits = await searchEndpoints(ctx, words(subject), { limit: 1 })
      return hits.length > 0 || (await isConnected(ctx, subject)) ? [] : [subject]
    }),
  )
  return found.flat()
}

function addresseesOf({ content, verb, entities }: Clause): string[] {
  if (content.some((word) => stem(word) !== verb)) return []
  return entities
    .filter(({ kind, before }) => kind === 'name' && TOWARDS.has(before.at(-1) ?? ''))
    .map(({ text }) => text)
}
