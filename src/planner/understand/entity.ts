/** Something in a message that can become a value: what kind, what it says, and the words around it. */
export type Entity = {
  kind: 'name' | 'quoted' | 'nested' | 'email' | 'url' | 'id' | 'number' | 'date' | 'time' | 'remark'
  text: string
  /** Of a stretch of time, "January 2026", its last day; the value is its first. */
  until?: string
  /** As the API would take it: a number for numbers and money, `YYYY-MM-DD` for dates, `HH:MM` for times. */
  value: string | number
  /** Up to four words before and two after, lower case, nearest last and nearest first. */
  before: readonly string[]
  after: readonly string[]
  /** The words that may say what it is: back to the entity before or a joint, and on to the next; six and three at most. */
  lead: readonly string[]
  trail: readonly string[]
  money: boolean
  percent: boolean
  /** The currency of money, as ISO 4217 writes it, where it is said. */
  currency: string | null
  /** Entities that stand in one list, "a, b and c", have the same number. */
  list: number
  /** "Ada's". */
  possessive: boolean
}

/** Whether an entity may be what something is called. */
export function isNameLike(entity: Entity): boolean {
  return entity.kind === 'name' || entity.kind === 'quoted' || entity.kind === 'email'
}

/** Whether an entity may tell which one of several things is meant: by its id, or by its number. */
export function isNumbered({ kind }: Pick<Entity, 'kind'>): boolean {
  return kind === 'id' || kind === 'number'
}
