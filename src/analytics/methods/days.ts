/** The shelf `timeseries` by name: days in a time zone. */
import { Failure } from '../../foundation/index.ts'
import { aggregateByDay } from '../timeseries/daily-aggregation.ts'
import { instants, type MethodShelf, numbers } from './arguments.ts'

export const dayMethods: MethodShelf = {
  daily_aggregation: (input) => {
    const zone = input['time_zone']
    if (typeof zone !== 'string')
      throw new Failure('VALUE', '"time_zone" must be a name such as Europe/Berlin')
    const days = aggregateByDay(instants(input, 'timestamps'), numbers(input, 'values'), zone)
    return { days: days.map(({ hours, ...day }) => ({ ...day, hours_in_day: hours })) }
  },
}
