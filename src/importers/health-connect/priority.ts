/** The order of apps that the person chose in Health Connect, told so that it can be chosen here too. */
import type { Intake } from '../intake.ts'
import type { ExportDatabase } from '../sqlite-copy.ts'
import { Sources } from './sources.ts'

const table = 'health_data_category_priority_table'
/** HealthDataCategory. */
const categories: Readonly<Record<number, string>> = { 1: 'activity', 5: 'sleep' }
const longest = 300

/** Only sums of activity and sleep follow the order (HealthDataCategoryPriorityHelper). */
export function priorityNotes(database: ExportDatabase, intake: Intake): void {
  if (!database.tables.includes(table)) return
  const sources = new Sources(database)
  for (const row of database.rows(table)) {
    const category = typeof row['health_data_category'] === 'number' ? row['health_data_category'] : 0
    const order = row['app_id_priority_order']
    const name = categories[category]
    if (name === undefined || typeof order !== 'string') continue
    const apps = order.split(',').map((id) => sources.of({ app_info_id: Number(id) }).app)
    if (apps.length < 2) continue
    const list = apps.join(', ').slice(0, longest)
    intake.note(
      `Health Connect ranks the apps for ${name}: ${list} (healthmate config set sources.priority "${list}")`,
    )
  }
}
