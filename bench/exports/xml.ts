/** Tracks and clinical documents in XML. */
import { join } from 'node:path'
import { type ExportFormat, firstMs, minuteMs, secondText, wave, writePieces } from './format.ts'

const points = 100_000
const pointAt = (index: number): string => `${secondText(firstMs + index * 1000)}Z`
const results = 8_000

export const xmlFormats: readonly ExportFormat[] = [
  {
    name: 'tcx',
    tokenizer: { kind: 'xml', elements: ['Trackpoint'] },
    units: points,
    observations: points + 1,
    write: (folder) =>
      writePieces(
        join(folder, 'run.tcx'),
        points,
        (index) =>
          `<Trackpoint><Time>${pointAt(index)}</Time><Position><LatitudeDegrees>48.1</LatitudeDegrees><LongitudeDegrees>11.5</LongitudeDegrees></Position><AltitudeMeters>519.2</AltitudeMeters><DistanceMeters>${index * 3}</DistanceMeters><HeartRateBpm><Value>${wave(index, 90, 170)}</Value></HeartRateBpm></Trackpoint>`,
        {
          head: `<?xml version="1.0" encoding="UTF-8"?>\n<TrainingCenterDatabase xmlns="http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2"><Activities><Activity Sport="Running"><Id>${pointAt(0)}</Id><Lap StartTime="${pointAt(0)}"><TotalTimeSeconds>3600</TotalTimeSeconds><Track>`,
          tail: '</Track></Lap><Creator><Name>Forerunner 945</Name></Creator></Activity></Activities></TrainingCenterDatabase>\n',
        },
      ),
  },
  {
    name: 'gpx',
    tokenizer: { kind: 'xml', elements: ['trkpt'] },
    units: points,
    observations: points + 1,
    write: (folder) =>
      writePieces(
        join(folder, 'run.gpx'),
        points,
        (index) =>
          `<trkpt lat="48.1" lon="11.5"><ele>519.2</ele><time>${pointAt(index)}</time><extensions><x:TrackPointExtension><x:hr>${wave(index, 90, 170)}</x:hr></x:TrackPointExtension></extensions></trkpt>`,
        {
          head: '<?xml version="1.0"?>\n<gpx version="1.1" creator="Garmin Connect" xmlns="http://www.topografix.com/GPX/1/1" xmlns:x="x"><trk><name>Run</name><type>running</type><trkseg>',
          tail: '</trkseg></trk></gpx>\n',
        },
      ),
  },
  {
    name: 'c-cda',
    tokenizer: { kind: 'xml', elements: ['observation'] },
    units: results,
    observations: results,
    write: (folder) =>
      writePieces(join(folder, 'summary.xml'), results, vitalSign, {
        head: clinicalHead,
        tail: clinicalTail,
      }),
  },
]

const clinicalHead = `<?xml version="1.0" encoding="UTF-8"?>
<ClinicalDocument xmlns="urn:hl7-org:v3" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<realmCode code="US"/><typeId root="2.16.840.1.113883.1.3" extension="POCD_HD000040"/>
<templateId root="2.16.840.1.113883.10.20.22.1.2" extension="2015-08-01"/>
<id root="1.2.3" extension="doc"/><code code="34133-9" codeSystem="2.16.840.1.113883.6.1"/><title>Summary</title>
<effectiveTime value="20260105120000+0100"/>
<recordTarget><patientRole><id root="1.2.3" extension="p"/><patient><name><given>Ada</given><family>Test</family></name>
<administrativeGenderCode code="F" codeSystem="2.16.840.1.113883.5.1"/><birthTime value="19800203"/></patient></patientRole></recordTarget>
<component><structuredBody><component><section><templateId root="2.16.840.1.113883.10.20.22.2.4.1"/>
<code code="8716-3" codeSystem="2.16.840.1.113883.6.1"/><title>Vital signs</title><text/>
`
const clinicalTail = '</section></component></structuredBody></component></ClinicalDocument>\n'

function vitalSign(index: number): string {
  const at = `${secondText(firstMs + index * minuteMs).replaceAll(/[-T:]/g, '')}+0100`
  return `<entry><organizer classCode="CLUSTER" moodCode="EVN"><templateId root="2.16.840.1.113883.10.20.22.4.26"/>
<id root="1.2.3" extension="o-${index}"/><code code="46680005" codeSystem="2.16.840.1.113883.6.96"/><statusCode code="completed"/>
<effectiveTime value="${at}"/>
<component><observation classCode="OBS" moodCode="EVN"><templateId root="2.16.840.1.113883.10.20.22.4.27"/>
<id root="1.2.3" extension="w-${index}"/><code code="29463-7" codeSystem="2.16.840.1.113883.6.1"/><statusCode code="completed"/>
<effectiveTime value="${at}"/><value xsi:type="PQ" value="${wave(index, 75, 85, 1)}" unit="kg"/></observation></component>
</organizer></entry>`
}
