import type { Effect } from '../../specs/operation.ts'
import { PEOPLE_STEMS } from '../language/lexicon.ts'
import { relatedness } from '../language/related-words.ts'
import { adjacency, contextual, hasTwin, most, share, thingOf } from './measures.ts'
import { type Company, type Deed, DEEDS, type Need } from './need.ts'
import type { Profile } from './profile.ts'

/** What a clause may wish for, and what an operation may do about it, by its effect and method. */
const WISHES = ['read', 'create', 'update', 'delete', 'act', 'unknown'] as const
const WISH: Record<Need['effect'], (typeof WISHES)[number]> = {
  read: 'read',
  create: 'create',
  update: 'update',
  delete: 'delete',
  pay: 'act',
  message: 'act',
  unknown: 'unknown',
}

/** What an operation does: its effect, and where that is neither reading nor deleting, what its method stands for. */
export function deedOf({ effect, method }: { effect: Effect; method: string }): Deed {
  if (effect === 'read' || effect === 'delete') return effect
  return method === 'PUT' || method === 'PATCH' ? 'update' : 'create'
}

/** The names of what `featuresOf` gives, in its order. */
export const FEATURES = [
  'called',
  'related',
  'takes',
  'mentions',
  'missing',
  'said path',
  'said name',
  'related name',
  'unsaid segments',
  'last said',
  'last is head',
  'last related to head',
  'head called',
  'head in path',
  'verb called',
  'verb opens name',
  'verb related',
  'effect',
  'effect twin',
  'context called',
  'context path',
  'context name',
  'plural list',
  'plural single',
  'singular list',
  'id single',
  'id list',
  'name single',
  'path parameters unfilled',
  'adjacent',
  'context',
  'deprecated',
  'length of name',
  'last exact',
  'action called',
  'action opens name',
  'class in parameter',
  'class missing',
  'agent in parameter',
  'agent missing',
  'head mentioned',
  'other last',
  ...WISHES.flatMap((wish) => DEEDS.map((deed) => `${wish} by ${deed}` as const)),
  'its owner in path',
  'owner in path',
  'its owner last',
  'its owner missing',
  'focus called',
  'its focus called',
  'told head, action called',
  'told head, action missing',
  'told head called',
  'api named by the clause',
  'api named by the message',
] as const

const COMPATIBLE: Record<Effect, Partial<Record<Effect, number>>> = {
  read: { read: 1, create: 0.3 },
  create: { create: 1, pay: 0.6, message: 0.6, update: 0.4 },
  update: { update: 1, create: 0.5, pay: 0.2, delete: 0.2 },
  delete: { delete: 1, update: 0.3, create: 0.2 },
  pay: { pay: 1, create: 0.6, update: 0.3 },
  message: { message: 1, create: 0.6 },
}

/** How an operation answers a need, as numbers that mean the same for any API, each from about 0 to 1. */
export function featuresOf(need: Need, profile: Profile, { rarity, deeds }: Company): number[] {
  const { called, takes, mentions, last, segments, name, single, pathParameters, found } = profile
  const wanted = need.terms
  let [total, isCalled, isRelated, isTaken, isMentioned] = [1e-6, 0, 0, 0, 0]
  const related = new Map<string, number>()
  for (const term of wanted) {
    const weight = rarity(term) * (term === need.head || (need.effect === 'unknown' && term === need.verb) ? 1.5 : 1)
    total += weight
    if (called.has(term)) {
      isCalled += weight
      continue
    }
    const alike = most(called, (word) => relatedness(term, word))
    related.set(term, alike)
    isRelated += weight * alike
    if (takes.has(term)) isTaken += weight
    else if (mentions.has(term)) isMentioned += weight
  }
  const said = new Set(wanted)
  if (need.verb !== null) said.add(need.verb)
  const { head, verb, effect, context } = need
  const path = segments.flat()
  const alikeTo = (word: string | null, words: Iterable<string>) =>
    word === null ? 0 : most(words, (other) => relatedness(word, other))
  const fit = effect === 'unknown' ? 0.5 : (COMPATIBLE[effect][found.effect] ?? 0)
  const given = need.ids + need.names
  const headMentioned = head !== null && !called.has(head) && (takes.has(head) || mentions.has(head))
  const isClass = profile.of.some((noun) => need.classes.has(noun))
  const wish = WISH[effect]
  const deed = deedOf(found)
  const { owner, refersBack: its, focus } = need
  const parents = new Set([...segments.slice(0, -1).flat(), ...profile.of])
  const isTold = head !== null && need.told.has(head)
  const acts = need.action !== null && called.has(need.action)
  const isOwned = owner !== null && owner !== head && parents.has(owner)
  const focused = focus.size === 0 ? 0 : share([...focus], (word) => called.has(word), rarity)
  return [
    isCalled / total,
    isRelated / total,
    isTaken / total,
    isMentioned / total,
    (total - isCalled - isRelated - isTaken - isMentioned) / total,
    share(path, (word) => said.has(word), rarity),
    share(name, (word) => said.has(word), rarity),
    share(name, (word) => alikeTo(word, said) >= 0.5, rarity),
    Math.min(1, segments.filter((segment) => !segment.some((word) => said.has(word))).length / 4),
    last.length === 0 ? 0 : last.filter((word) => said.has(word)).length / last.length,
    head !== null && last.includes(head) ? 1 : 0,
    head !== null && !last.includes(head) ? alikeTo(head, last) : 0,
    head !== null && called.has(head) ? 1 : 0,
    head !== null && path.includes(head) ? 1 : 0,
    verb !== null && called.has(verb) ? 1 : 0,
    verb !== null && (name[0] === verb || last[0] === verb) ? 1 : 0,
    verb !== null && !called.has(verb) ? alikeTo(verb, [name[0] ?? '', ...last]) : 0,
    fit,
    hasTwin(wish, deed, deeds.get(thingOf(profile))) ? 1 : 0,
    share([...called], (word) => context.has(word), rarity),
    share(path, (word) => context.has(word), rarity),
    share(name, (word) => context.has(word), rarity),
    need.plural && !single ? 1 : 0,
    need.plural && single ? 1 : 0,
    !need.plural && !single ? 1 : 0,
    need.ids > 0 && single ? 1 : 0,
    need.ids > 0 && pathParameters === 0 ? 1 : 0,
    need.names > 0 && pathParameters === 0 && takes.size > 0 ? 1 : 0,
    Math.min(1, Math.max(0, pathParameters - given) / 3),
    adjacency(wanted, name),
    contextual(context, profile, rarity),
    found.deprecated ? 1 : 0,
    Math.min(1, called.size / 20),
    last.length > 0 && last.every((word) => said.has(word)) && (head === null || last.includes(head)) ? 1 : 0,
    need.action !== null && called.has(need.action) ? 1 : 0,
    need.action !== null && (name[0] === need.action || last[0] === need.action) ? 1 : 0,
    isClass ? 1 : 0,
    need.classes.size > 0 && !isClass && profile.of.length > 0 ? 1 : 0,
    need.agents && profile.of.some((noun) => PEOPLE_STEMS.has(noun)) ? 1 : 0,
    need.agents && profile.of.length > 0 && !profile.of.some((noun) => PEOPLE_STEMS.has(noun)) ? 1 : 0,
    headMentioned ? 1 : 0,
    head !== null && path.includes(head) && !last.includes(head) && last.some((word) => said.has(word)) ? 1 : 0,
    ...WISHES.flatMap((each) => DEEDS.map((other) => (each === wish && other === deed ? 1 : 0))),
    its && isOwned ? 1 : 0,
    !its && isOwned ? 1 : 0,
    its && owner !== null && last.includes(owner) ? 1 : 0,
    its && owner !== null && !called.has(owner) ? 1 : 0,
    its ? 0 : focused,
    its ? focused : 0,
    isTold && acts ? 1 : 0,
    isTold && !acts && verb !== null ? 1 : 0,
    isTold && called.has(head) ? 1 : 0,
    wanted.filter((term) => profile.api.has(term)).length / Math.max(1, wanted.length),
    share([...profile.api], (word) => context.has(word), rarity),
  ]
}
