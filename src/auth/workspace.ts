import { desc, eq } from 'drizzle-orm'
import type { World } from '../context.ts'
import { newId } from '../lib/ids.ts'
import { members, workspaces } from './tables.ts'

/**
 * The newest workspace that a person belongs to, else one made for them now. Making it here, not at registration,
 * repairs an account whose registration was cut short.
 */
export async function workspaceOf(world: World, userId: string): Promise<string> {
  const [newest] = await world.db
    .select({ id: members.workspaceId })
    .from(members)
    .where(eq(members.userId, userId))
    .orderBy(desc(members.id))
    .limit(1)
  return newest?.id ?? (await createWorkspace(world, userId))
}

/** A workspace of which a person is the owner. */
export async function createWorkspace(world: World, userId: string, name = 'My workspace'): Promise<string> {
  const id = newId('wsp', world.now())
  const createdAt = new Date(world.now())
  await world.db.batch([
    world.db.insert(workspaces).values({ id, name, slug: id, createdAt }),
    world.db
      .insert(members)
      .values({ id: newId('mem', world.now()), workspaceId: id, userId, role: 'owner', createdAt }),
  ])
  return id
}
