/** TCX activities, one a file. */
import { fileLaws } from '../law-fixture.ts'

const activity = (day: number) => `<?xml version="1.0" encoding="UTF-8"?>
<TrainingCenterDatabase xmlns="http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2"><Activities>
<Activity Sport="Running"><Id>2026-01-0${day}T08:00:00Z</Id><Lap StartTime="2026-01-0${day}T08:00:00Z">
<TotalTimeSeconds>60.5</TotalTimeSeconds><DistanceMeters>${200 + day}</DistanceMeters><Calories>12</Calories>
<Track><Trackpoint><Time>2026-01-0${day}T08:00:00Z</Time><HeartRateBpm><Value>${110 + day}</Value></HeartRateBpm></Trackpoint>
<Trackpoint><Time>2026-01-0${day}T08:00:30Z</Time><HeartRateBpm><Value>${115 + day}</Value></HeartRateBpm></Trackpoint></Track>
</Lap><Creator><Name>Forerunner 945</Name></Creator></Activity></Activities></TrainingCenterDatabase>`

export const laws = fileLaws('tcx', {
  '1.tcx': activity(1),
  '2.tcx': activity(2),
  '3.tcx': activity(3),
  '4.tcx': activity(4),
})
