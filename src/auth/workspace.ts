import { and, desc, eq } from 'drizzle-orm'
import type { World } from '../context.ts'
import { newId } from '../lib/ids.ts'
import { members, workspaces } from './tables.ts'

/**
 * The workspace a person works in: the one they chose, if they still belong to it, else the newest they belong to, else
 * one made for them now. Making it here, not at registration, repairs an account whose registration was cut short.
 */
export async function workspaceOf(world: World, userId: string, chosen: string | null): Promise<string> {
  const mine = world.db.select({ id: members.workspaceId }).from(members)
  if (chosen) {
    const [member] = await mine.where(and(eq(members.userId, userId), eq(members.workspaceId, chosen))).limit(1)
    if (member) return member.id
  }
  const [newest] = await world.db
    .select({ id: members.workspaceId })
    .from(members)
    .where(eq(members.userId, userId))
    .orderBy(desc(members.id))
    .limit(1)
  return newest?.id ?? (await createWorkspace(world, userId))
}

async function createWorkspace(world: World, userId: string): Promise<string> {
  const id = newId('wsp', world.now())
  const createdAt = new Date(world.now())
  await world.db.batch([
    world.db.insert(workspaces).values({ id, name: 'My workspace', slug: id, createdAt }),
    world.db
      .insert(members)
      .values({ id: newId('mem', world.now()), workspaceId: id, userId, role: 'owner', createdAt }),
  ])
  return id
}
