import { plural, words } from '../../lib/words.ts'
import { type Groups, orderOf, type Report } from '../plan/report.ts'

const TAKE = { sum: 'Add up the', average: 'Take the average', max: 'Take the highest', min: 'Take the lowest' }

/** A report in words: "Count the orders for each customer; take the 3 with the most". */
export function reportWords(report: Report): string {
  const { their } = report
  return their ? `${ofOwners(report)}, and keep their ${plural(their.noun)}` : ofOwners(report)
}

function ofOwners(report: Report): string {
  const { shape, key, noun } = report
  const things = plural(noun)
  const owner = report.owners?.noun ?? key?.name ?? ''
  switch (shape.kind) {
    case 'groups':
      return groupsWords(report, shape, things, owner)
    case 'having': {
      const { least, most } = shape
      const does = shape.counts ? 'Count' : 'Keep'
      if (most === 0) return `${does} the ${plural(owner)} that have no ${things}`
      const many = most === null ? `at least ${least} ` : least === most ? `exactly ${most} ` : `at most ${most} `
      return `${does} the ${plural(owner)} that have ${least === 1 && most === null ? '' : many}${things}`
    }
    case 'share':
      return `Work out how many in a hundred of all ${things} they are`
    case 'joined':
      return `Add the ${shape.fields.map(({ path }) => words(path).join(' ')).join(' and ')} of its ${owner} to each ${noun}`
    case 'nested':
      return `Add its ${things} to each ${owner}`
    case 'best': {
      const many = shape.limit === 1 ? noun : `${shape.limit} ${things}`
      const end = shape.descending ? 'highest' : 'lowest'
      return `Take the ${many} with the ${end} ${words(shape.name).join(' ')} for each ${owner}, with all that are level`
    }
    default:
      return shape satisfies never
  }
}

function groupsWords(report: Report, shape: Groups, things: string, owner: string): string {
  const { measure, limit } = shape
  const name = measure.kind === 'count' ? '' : words(measure.name).join(' ')
  const what = measure.kind === 'count' ? `Count the ${things}` : `${TAKE[measure.kind]} ${name} of the ${things}`
  const each = report.key === null ? '' : ` for each ${owner}`
  if (limit === null) return `${what}${each}`
  const end = orderOf(report, shape) === 'descending' ? 'highest' : 'lowest'
  const level = report.use === 'answer' ? ', with all that are level' : ''
  return `${what}${each}, and take the ${limit === 1 ? 'one' : limit} with the ${end} number${level}`
}
