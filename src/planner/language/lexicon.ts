import { stem } from '../../lib/stem.ts'
import type { Effect } from '../../specs/operation.ts'

const set = (list: string) => new Set(list.split(' '))

/** English words that carry no content of a request: articles, pronouns, prepositions, auxiliaries, politeness. */
export const FUNCTION_WORDS = set(
  'a an the this that these those my your our their his her its i me we us you he she it they them him who whom whose ' +
    'which what when where why how is are was were be been being am do does did done has have had having can could ' +
    'will would shall should may might must of in on at to from by for with about into onto over under between as than ' +
    'and or but not no nor so if then else all any each every some there here please just only also too very more most ' +
    'much many ones one up out off down again now want need like would let lets s t d ll re ve m via per using use ' +
    'kindly currently right ok okay hi hello hey thanks thank because that after before since until during without within against through ' +
    'across upon toward towards among amongst along behind above below beneath beside besides despite except regarding throughout alongside such',
)

/** Adjectives of any request: they say nothing of what it is about. */
export const FILLERS = set(
  'specific specified particular existing available given certain relevant associated related detailed various different ' +
    'several multiple additional necessary appropriate comprehensive following corresponding respective interesting entire ' +
    'complete full good great e g etc',
)

/** Nouns that stand for the thing behind them: "the details of the order", "a list of orders". */
export const SHELL_NOUNS = set(
  'list detail details information info data record records overview summary set number collection copy kind type types ' +
    'result results value values all',
)

/** What a verb asks to be done. Verbs that name no effect are left out, and a request without one asks to read. */
export const VERBS: ReadonlyMap<string, Effect> = new Map(
  (
    [
      [
        'read',
        'show list get find search see view display fetch look lookup read tell give check retrieve count browse return print query know describe inspect export download summarize compare ' +
          'provide obtain gather access identify locate discover explore review monitor examine investigate verify learn include',
      ],
      [
        'create',
        'create add make place register book open submit post new insert order schedule start upload build generate enroll invite subscribe assign reserve draft sign import ' +
          'initiate trigger launch establish define log record save store attach',
      ],
      [
        'update',
        'update change set edit modify rename mark cancel close archive approve reject enable disable move restore complete finish reopen resolve activate deactivate adjust replace increase decrease pause resume lock unlock reschedule postpone',
      ],
      ['delete', 'delete remove destroy erase drop clear purge revoke unsubscribe scrap'],
      ['pay', 'pay refund charge transfer reimburse bill invoice purchase buy withdraw deposit capture'],
      ['message', 'send email mail notify message text sms tell remind alert publish broadcast reply'],
    ] as const
  )
    .flatMap(([effect, verbs]) => verbs.split(' ').map((verb) => [verb, effect] as const))
    // "tell me" asks, "tell them" sends; the first meaning is by far the commoner.
    .toReversed(),
)

/** Words that open a question, which asks to read. */
export const QUESTION_WORDS = set(
  'what which who whose when where how why any anything is are was were do does did has have had should can',
)

/** Verbs so general that they say nothing of what an operation is about. */
export const GENERAL_VERBS = set(
  'provide obtain gather access identify locate discover explore include help ' +
    'show list get find search see view display fetch look lookup read tell give check retrieve count browse return print ' +
    'query know describe create add make place register submit post new insert update change set edit modify delete remove ' +
    'send mark put start open use run do',
)

/** Words that open a request without being part of it: "could you please …", "I want to …". */
export const POLITENESS = set(
  'please can could would will you i we want need like to let lets us me just kindly help d ll hi hello hey',
)

/** Verbs that tell how things are: nobody asks for them to be done. */
export const STATIVE_VERBS = set(
  'be have include contain comprise consist belong mean require need seem appear exist remain depend concern involve ' +
    'resemble deserve matter know believe like love hate prefer want wish hope suspect',
)

/** Words that stand before a noun; what opens a sentence before one of these is a verb, known or not. */
export const DETERMINERS = set(
  'the a an my our your all this that every each some those these it them his her their its',
)

/** Nouns for people, whom one does things for and whose things one asks about. */
export const PEOPLE = set(
  'customer user person people client contact member employee owner author patient student teacher account buyer seller ' +
    'guest subscriber candidate assignee recipient actor artist director player driver lead attendee friend artist ' +
    'tenant resident landlord applicant passenger vendor supplier contractor technician mechanic instructor trainer coach tutor ' +
    'professor nurse doctor physician dentist veterinarian therapist volunteer donor organizer speaker moderator reviewer editor ' +
    'colleague manager supervisor worker pilot courier participant visitor learner pupil mentor claimant requester borrower payer payee sender',
)
/** What APIs call what a thing is called by. */
export const LABELS: readonly string[] = ['name', 'title', 'label']
export const PEOPLE_STEMS: ReadonlySet<string> = new Set([...PEOPLE].map(stem))

/** Nouns of places, which follow "in", "from", "at", "near". */
export const PLACES = set('city country region location place state town area address street province zone site office')

/** Names of properties that hold a reason, a remark or a text somebody wrote. */
export const REMARKS = set('reason note comment message remark description text body explanation')

/** Words that order things: what they order by (words of a field's name, none when the noun beside them says it), and which end comes first. */
export const SUPERLATIVES: ReadonlyMap<string, { by: readonly string[]; descending: boolean }> = new Map([
  ['cheapest', { by: ['price', 'cost', 'amount', 'total'], descending: false }],
  ['priciest', { by: ['price', 'cost', 'amount', 'total'], descending: true }],
  ['expensive', { by: ['price', 'cost', 'amount', 'total'], descending: true }],
  ['newest', { by: ['created', 'date', 'time', 'updated'], descending: true }],
  ['latest', { by: ['created', 'date', 'time', 'updated'], descending: true }],
  ['recent', { by: ['created', 'date', 'time', 'updated'], descending: true }],
  ['oldest', { by: ['created', 'date', 'time', 'updated'], descending: false }],
  ['earliest', { by: ['created', 'date', 'time', 'updated'], descending: false }],
  ['highest', { by: [], descending: true }],
  ['largest', { by: [], descending: true }],
  ['biggest', { by: [], descending: true }],
  ['lowest', { by: [], descending: false }],
  ['smallest', { by: [], descending: false }],
])

/** Words that say where in an order something stands; like superlatives, nothing to search for. */
export const ORDINALS = set('first last top best worst next previous sorted sort descending ascending')

/** Words that point back at something said before. */
export const BACK_REFERENCES = set('her his their its that those these them him it hers theirs same')

/** Words that say which one by its number. */
export const ORDINAL_NUMBERS: ReadonlyMap<string, number> = new Map(
  'first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth'
    .split(' ')
    .map((word, index) => [word, index + 1]),
)

export const NUMBER_WORDS: ReadonlyMap<string, number> = new Map(
  'one two three four five six seven eight nine ten eleven twelve'.split(' ').map((word, index) => [word, index + 1]),
)
