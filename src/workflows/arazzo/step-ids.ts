/** A stepId as an id of the definition that none has yet: letters, digits and underscores. */
export function newId(stepId: string, taken: ReadonlySet<string>): string {
  const letters = stepId.replaceAll(/\W/g, '_').slice(0, 60)
  const base = /^[A-Za-z_]/.test(letters) && !(letters in Object.prototype) ? letters : `step_${letters}`
  // A stepId that is an id already stays what it is.
  let id = /^[A-Za-z_]\w{0,63}$/.test(stepId) && !(stepId in Object.prototype) ? stepId : base
  for (let count = 2; taken.has(id); count++) id = `${base}_${count}`
  return id
}

/** An id for a step that the document does not have, of one that it has. */
export function freeId({ id, taken }: { id: string; taken: Set<string> }, suffix: string): string {
  const base = `${id.slice(0, 50)}_${suffix}`
  let free = base
  for (let count = 2; taken.has(free); count++) free = `${base}_${count}`
  taken.add(free)
  return free
}
