import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** What is read of WordNet. */
export type WordNet = {
  /** Every single word it knows, and the forms of verbs and plurals that end regularly. */
  lemmas: ReadonlySet<string>
  /** Pairs of words that are alike: in one set of synonyms, or derived from one another (direct, director). */
  pairs: readonly { one: string; other: string; kind: 'synonym' | 'derived' }[]
  /** Words that are verbs more often than anything else, or nothing else. */
  verbs: readonly string[]
  /** The same for adjectives, but only for those that are used in texts; participles tell what they are by their ending. */
  adjectives: readonly string[]
}

type Synset = { words: string[]; derived: { from: number; key: string; to: number }[] }

const PARTS = ['noun', 'verb', 'adj', 'adv'] as const
// Rarer senses relate words that hardly anybody relates.
const SENSES = 2
const MIN_USES = 1

/** Reads WordNet's database files (wndb(5WN), senseidx(5WN)). */
export async function readWordNet(folder: string): Promise<WordNet> {
  const lemmas = new Set<string>()
  const parts = new Map<string, Set<(typeof PARTS)[number]>>()
  const pairs: WordNet['pairs'][number][] = []
  const uses = await readUses(join(folder, 'index.sense'))
  const synsets = new Map<string, Synset>()
  for (const part of PARTS)
    for (const line of (await readFile(join(folder, `data.${part}`), 'utf8')).split('\n'))
      readSynset(part, line, synsets)
  for (const part of PARTS)
    for (const line of (await readFile(join(folder, `index.${part}`), 'utf8')).split('\n')) {
      const [lemma = '', , count = '0', ...rest] = line.trim().split(' ')
      if (!/^[a-z]+$/.test(lemma)) continue
      lemmas.add(lemma)
      parts.set(lemma, (parts.get(lemma) ?? new Set()).add(part))
      for (const form of part === 'noun' || part === 'verb' ? formsOf(lemma) : []) lemmas.add(form)
      for (const offset of rest.slice(rest.length - Number(count)).slice(0, SENSES)) {
        const synset = synsets.get(`${part} ${offset}`)
        for (const other of synset?.words ?? [])
          if (other !== lemma && /^[a-z]+$/.test(other)) pairs.push({ one: lemma, other, kind: 'synonym' })
        for (const { from, key, to } of synset?.derived ?? []) {
          const other = synsets.get(key)?.words[to]
          if (synset?.words[from] === lemma && other !== undefined) pairs.push({ one: lemma, other, kind: 'derived' })
        }
      }
    }
  const mostly = (part: 'verb' | 'adj') =>
    [...parts]
      .flatMap(([lemma, kinds]) => {
        const { [part]: own = 0, all = 0 } = uses.get(lemma) ?? {}
        const isOnly = kinds.size === 1 && (part === 'verb' || own > 0)
        return kinds.has(part) && ((own >= MIN_USES && own > all - own) || isOnly) ? [lemma] : []
      })
      .toSorted()
  const adjectives = mostly('adj').filter((word) => !/(?:ed|ing)$/.test(word))
  return { lemmas, pairs, verbs: mostly('verb'), adjectives }
}

function formsOf(lemma: string): string[] {
  return [
    `${lemma}s`,
    `${lemma}es`,
    lemma.replace(/y$/, 'ies'),
    `${lemma}ed`,
    `${lemma}d`,
    `${lemma}ing`,
    lemma.replace(/e$/, 'ing'),
  ]
}

type Uses = { verb: number; adj: number; all: number }

/** How often a word is a verb, an adjective, and anything at all, in the texts that were tagged. */
async function readUses(file: string): Promise<Map<string, Uses>> {
  const uses = new Map<string, Uses>()
  for (const line of (await readFile(file, 'utf8')).split('\n')) {
    const [sense = '', , , count = '0'] = line.split(' ')
    const [lemma = '', kind = ''] = sense.split('%')
    if (!/^[a-z]+$/.test(lemma)) continue
    const of = uses.get(lemma) ?? { verb: 0, adj: 0, all: 0 }
    of.all += Number(count)
    if (kind.startsWith('2')) of.verb += Number(count)
    // A satellite is an adjective as well.
    if (kind.startsWith('3') || kind.startsWith('5')) of.adj += Number(count)
    uses.set(lemma, of)
  }
  return uses
}

const PART_OF = { n: 'noun', v: 'verb', a: 'adj', s: 'adj', r: 'adv' } as const

/** One line of a data file: the words of a set of synonyms, and which of them is derived from which word elsewhere. */
function readSynset(part: string, line: string, synsets: Map<string, Synset>): void {
  if (!/^\d{8} /.test(line)) return
  const fields = (line.split('|')[0] ?? '').trim().split(' ')
  const count = Number.parseInt(fields[3] ?? '0', 16)
  const words = Array.from({ length: count }, (_, index) => (fields[4 + index * 2] ?? '').toLowerCase())
  const derived: Synset['derived'] = []
  for (let at = 5 + count * 2; at + 3 < fields.length; at += 4) {
    const [symbol, offset, kind = 'n', place = '0000'] = fields.slice(at, at + 4)
    if (symbol !== '+') continue
    const from = Number.parseInt(place.slice(0, 2), 16) - 1
    const to = Number.parseInt(place.slice(2), 16) - 1
    derived.push({ from, key: `${PART_OF[kind as keyof typeof PART_OF]} ${offset}`, to })
  }
  synsets.set(`${part} ${fields[0]}`, { words, derived })
}
