/** GPX tracks, one a file, as watches write them. */
import { fileLaws } from '../law-fixture.ts'

const track = (day: number) => {
  const point = (minute: number) =>
    `<trkpt lat="1" lon="2"><ele>3</ele><time>2026-01-0${day}T08:0${minute}:00Z</time><extensions><x:TrackPointExtension><x:hr>${110 + day + minute}</x:hr></x:TrackPointExtension></extensions></trkpt>`
  return `<?xml version="1.0"?>
<gpx version="1.1" creator="Garmin Connect" xmlns="http://www.topografix.com/GPX/1/1" xmlns:x="x">
<trk><name>Run</name><type>running</type><trkseg>${[0, 1, 2].map(point).join('')}</trkseg></trk></gpx>`
}

export const laws = fileLaws('gpx', {
  '1.gpx': track(1),
  '2.gpx': track(2),
  '3.gpx': track(3),
  '4.gpx': track(4),
})
