import { currency } from './schema.ts'
import type { Customer, Product } from './schema.ts'

type CustomerRow = [name: string, email: string, city: string | null]
type ProductRow = [name: string, category: Product['category'], cents: number, stock: number, description: string]

const customers: CustomerRow[] = [
  ['Ada Lovelace', 'ada@example.com', 'London'],
  ['Grace Hopper', 'grace@example.com', 'New York'],
  ['Alan Turing', 'alan@example.com', 'Manchester'],
  ['Katherine Johnson', 'katherine@example.com', 'Hampton'],
  ['Edsger Dijkstra', 'edsger@example.com', 'Eindhoven'],
  ['Hedy Lamarr', 'hedy@example.com', 'Vienna'],
  ['Margaret Hamilton', 'margaret@example.com', 'Boston'],
  ['Barbara Liskov', 'barbara@example.com', 'Boston'],
  ['Donald Knuth', 'donald@example.com', 'Stanford'],
  ['Radia Perlman', 'radia@example.com', null],
  ['Mary Jackson', 'mary.jackson@example.com', 'London'],
  ['Annie Easley', 'annie@example.com', 'Cleveland'],
]

const products: ProductRow[] = [
  ['Studio Headphones', 'audio', 12900, 14, 'Closed-back headphones with a two metre cable.'],
  ['Pocket Radio', 'audio', 3900, 32, 'A small radio that runs a month on two batteries.'],
  ['Bookshelf Speakers', 'audio', 24900, 6, 'A pair of wooden speakers for a shelf or a desk.'],
  ['Turntable', 'audio', 31900, 0, 'A belt-driven turntable for two speeds.'],
  ['A History of Computing', 'books', 2400, 40, 'From the abacus to the pocket, in thirty chapters.'],
  ['The Compiler Cookbook', 'books', 3600, 25, 'Seventy recipes for turning text into programs.'],
  ['Puzzle Almanac', 'books', 1800, 60, 'A puzzle for every day of the year.'],
  ['Star Atlas', 'books', 4500, 2, 'Large maps of both skies, printed on cloth.'],
  ['Watering Can', 'garden', 2200, 18, 'Holds five litres and pours without dripping.'],
  ['Herb Seed Box', 'garden', 1200, 75, 'Seeds of twelve kitchen herbs.'],
  ['Folding Saw', 'garden', 2900, 11, 'A pruning saw that folds into its handle.'],
  ['Bird House', 'garden', 3400, 0, 'An oak house for small birds.'],
  ['Tea Kettle', 'kitchen', 3900, 22, 'A whistling kettle that holds 1.2 litres.'],
  ['Coffee Grinder', 'kitchen', 6900, 8, 'A hand grinder with steel burrs.'],
  ['Cast Iron Pan', 'kitchen', 5400, 20, 'A heavy pan that lasts longer than its owner.'],
]

/** The customers every new store starts with, cus_1001 onwards. */
export function seedCustomers(): Customer[] {
  return customers.map(([name, email, city], index) => {
    const createdAt = new Date(Date.UTC(2026, 0, 5 + index, 9)).toISOString()
    return { id: `cus_${1001 + index}`, name, email, city, createdAt }
  })
}

/** The products every new store starts with, prd_2001 onwards. */
export function seedProducts(): Product[] {
  return products.map(([name, category, priceCents, stock, description], index) => {
    const createdAt = new Date(Date.UTC(2026, 0, 2, 8, index)).toISOString()
    return { id: `prd_${2001 + index}`, name, category, description, priceCents, currency, stock, createdAt }
  })
}
