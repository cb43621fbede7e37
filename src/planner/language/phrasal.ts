const OBJECT = String.raw`((?:(?!\b(?:and|then|but|off|on|out|in|up|down|back)\b)[^.,;!?"'])+?)`

// What is there already: "put the card into Done".
const DEFINITE = '(?=(?:the|my|our|this|that|these|those|it|them|all|every)\\b)'

// "On the list", "into Review", but not "on sale".
const THING = String.raw`(?=\s+(?:the|my|our|your|an?|it|them|that|this|these|those|each|every|all|one)\b|\s+(?-i:\p{Lu})|\s+["'#@\d])`

/** Verbs of two words, the plain verb, what goes before what follows, and how what stands between them has to begin. */
const PHRASAL: readonly (readonly [
  verb: string,
  particle: string,
  plain: string,
  preposition?: string,
  object?: string,
])[] = [
  ['turn|switch', 'off', 'disable'],
  ['turn|switch', 'on', 'enable'],
  ['kick|throw|take|pull', '(?:out of|off|out from)', 'remove', 'from'],
  ['kick|throw', '(?:out|away)', 'remove'],
  ['take', 'down', 'remove'],
  ['take', 'off(?! (?:line|work)\\b)', 'remove', 'from'],
  ['pull|bring', 'up', 'show'],
  ['bring', 'back', 'return'],
  ['put', 'back', 'restore'],
  ['call', 'off', 'cancel'],
  ['push', 'back', 'postpone'],
  ['spin|fire|stand', 'up', 'create'],
  ['sign', 'up', 'register'],
  ['note|write|jot', 'down', 'record'],
  ['tick', 'off', 'complete'],
  ['close|shut', 'down', 'close'],
  ['hand', 'over', 'transfer'],
  ['put', `(?:into|in)${THING}`, 'move', 'to', DEFINITE],
  ['put|place', `(?:into|in|onto|on)${THING}`, 'add', 'to'],
  ['carry|keep', 'on', 'continue'],
  ['try', 'out', 'test'],
  ['track|dig|hunt', '(?:down|up|out)', 'find'],
  ['go|look|run|step', 'through', 'list'],
]

const LIGHT =
  /\b(?:do|run|make|perform|conduct|execute)(?:(e?s)|(ing))? an?( \p{Ll}+)? (?:search|lookup|look-up)(?= (?:for|of|on|in|across|by|with)\b)/giu
const DEEDS: Readonly<Record<string, string>> = {
  deletion: 'delete',
  removal: 'remove',
  cancellation: 'cancel',
  creation: 'create',
  activation: 'activate',
  deactivation: 'deactivate',
}
const REQUESTED = new RegExp(
  String.raw`\b(?:request|ask for|apply for|initiate) (?:the |an? )?(${Object.keys(DEEDS).join('|')}) of\b`,
  'gi',
)
// "All necessary information, such as the price and the size": those are asked for.
const SUCH_AS =
  /\b((?:show|get|give me|fetch|find|gather|collect|retrieve|list|see|view)s? )(?:me )?(?:(?:all|any|the|some|more|necessary|relevant|required|important|essential|available) )*(?:information|info|data|details),? (?:such as|including|like) /gi

const AT_ONCE = /,?\s+(?:all\s+)?(?:in|at)\s+(?:one|a\s+single)\s+(?:go|shot|sweep|step|batch|swoop)\b/gi
const ON_FILE =
  /\s+(?:that\s+)?(?:(?:we|you|they|i)\s+(?:already\s+)?(?:have|got|keep|hold)\s+)?(?:on\s+(?:file|record)|in\s+(?:our|the|your)\s+(?:system|database|records|books))\b/g

const NO_NOUN = String.raw`(?<!\b(?:(?:show|give|find|get|tell|send|list|suggest|recommend)(?:\s+(?:me|us))?|the|an?|some|any|no|all|other|more|good|nice|best|of|for)\s)`

const RULES = PHRASAL.flatMap(([verb, particle, plain, preposition, begins = '']) => {
  const end = preposition === undefined ? '' : ` ${preposition}`
  // "Show me places to stay in Kyoto": those are no verb.
  const forms = `${NO_NOUN}((?:${verb}))(e?s|ing)?`
  const isOf = particle.includes(' ') || preposition !== undefined
  return [
    // "Turn off the tracking", and "turn the tracking off".
    ...(isOf ? [] : [{ pattern: new RegExp(String.raw`\b${forms} ${particle}\b(?=\s+\S)`, 'gi'), plain, end: '' }]),
    { pattern: new RegExp(String.raw`\b${forms} ${begins}${OBJECT} ${particle}\b`, 'giu'), plain, end },
  ]
})

/**
 * A text with plain verbs in the place of those that are made of two words, which operations are not called by: "kick Bob
 * out of the team" removes Bob from it. What stands in quotes must not be in it.
 */
export function withPlainVerbs(text: string): string {
  return (
    RULES.reduce(
      (said, { pattern, plain, end }) =>
        said.replaceAll(pattern, (whole, _verb: string, form: string | undefined, object?: unknown) =>
          typeof object === 'string' ? `${inForm(plain, form)} ${object}${end}` : inForm(plain, form),
        ),
      text,
    )
      // "Am I following Ada?" asks whether I follow her.
      .replaceAll(/\b(?:am|are|is) (i|we|you|he|she|it|they) following\b/gi, 'does $1 follow')
      .replaceAll(
        /\b(?:have|take|taking|having) a (?:quick )?look at\b|\blook at(?= (?:the|my|our|this|that|these|those|all|every|it|them)\b| [A-Z#]?[\w-]*\d)/g,
        'show',
      )
      // "Check Ada in"; what is checked out may be looked at.
      .replaceAll(
        /\bcheck ((?!(?:in|out|if|whether)\b)[^.,;!?"']{1,60}?) in(?=\s*(?:$|[.,;!]|\band\b))/giu,
        'check in $1',
      )
      // "Places to stay" have a name of their own, and so have those to eat at.
      .replaceAll(/\b(place|somewhere|anywhere)(s)? to stay(?: at)?\b/gi, (_, _place: string, many?: string) =>
        many ? 'hotels' : 'a hotel',
      )
      .replaceAll(/\bplace(s)? to eat(?: at)?\b/gi, (_, many?: string) => (many ? 'restaurants' : 'restaurant'))
      .replaceAll(/\be-mail(s|ed|ing)?\b/gi, (_, end = '') => `email${String(end)}`)
      // "Put Ada down for the class", "take part in it".
      .replaceAll(
        /\bput (me|us|him|her|them|\p{Lu}[\p{L}'-]*(?: \p{Lu}[\p{L}'-]*){0,3}) down(?= (?:for|on) )/gu,
        'register $1',
      )
      .replaceAll(/\btak(?:e|(ing)) part in\b/gi, (_, gerund?: string) => (gerund ? 'joining' : 'join'))
      // "When does it run out?" asks when it expires.
      .replaceAll(
        /\b(?:runs?|ran|running) out(?=\s*(?:[?.!,;]|$|\s(?:in|on|at|this|next|soon|by|within|before|after|end)\b))/gi,
        'expires',
      )
      // "Go on to the next one" goes there.
      .replaceAll(/\b(?:go|move|jump) on to the next\b/gi, 'skip to the next')
      // "Put on the album", but not "put it on the list".
      .replaceAll(/((?:^|[.;!?,])\s*(?:(?:please|and|then|now)\s+)*)put on(?=\s+(?!hold\b)\S)/gi, '$1play')
      .replaceAll(/((?:^|[.;!?,])\s*(?:(?:please|and|then)\s+)*)DM(?=\s+[@\p{L}])/giu, '$1message')
      // "Do a quick search", "carry out a check": the noun says what is done.
      .replaceAll(
        LIGHT,
        (_, third?: string, gerund?: string, kind = '') =>
          `${third ? 'searches' : gerund ? 'searching' : 'search'}${String(kind)}`,
      )
      .replaceAll(/\bcarr(?:y|(ies)|(ying)) out(?= \S)/gi, (_, third?: string, gerund?: string) =>
        gerund ? 'performing' : third ? 'performs' : 'perform',
      )
      // "I request the deletion of the account": that is what is asked for.
      .replaceAll(REQUESTED, (_, deed: string) => DEEDS[deed.toLowerCase()] ?? deed)
      .replaceAll(SUCH_AS, '$1')
      // "All in one go" counts nothing.
      .replaceAll(AT_ONCE, '')
      // "The address that we have on file", "in our system": that is what is asked.
      .replaceAll(ON_FILE, '')
      // "Kill the webhook": it is to be there no longer.
      .replaceAll(
        /((?:^|[.;!?,]|\band)\s*(?:(?:please|then|now)\s+)*)(?:kill|bin|ditch|trash|nuke)(?=\s+(?:the|this|that|these|those|my|our|it|them|all)\b)/gi,
        '$1delete',
      )
      .replaceAll(/\bwho (?:am i|i am)\b(?: (?:logged|signed) in(?: as)?)?/gi, 'show my user')
      // "Leave a comment" leaves nothing behind.
      .replaceAll(/\bleav(?:e(s)?|(ing))(?= (?:an?|some|your|my) )/gi, (_, third?: string, gerund?: string) =>
        gerund ? 'adding' : third ? 'adds' : 'add',
      )
      // "Bring it back from the archive" archives nothing.
      .replaceAll(/\b(?:restore|return)(s|ing)? (.+?) from (?:the |our |my )?archives?\b/gi, 'unarchive$1 $2')
  )
}

function inForm(plain: string, form: string | undefined): string {
  if (form === undefined) return plain
  if (form.endsWith('s')) return `${plain}s`
  return `${plain.replace(/e$/, '')}ing`
}
