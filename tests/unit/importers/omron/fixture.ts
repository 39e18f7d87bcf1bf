/** OMRON connect exports by their headers; all values are made up. */
import { tableLaws } from '../law-fixture.ts'
export const omronFixture = [
  '"Measurement Date","Timezone","SYS(mmHg)","DIA(mmHg)","Pulse(bpm)","Irregular heartbeat detected","Body Movement","Device"',
  '"2026/01/05 11:40","Asia/Bangkok","125","83","73",,"Not Detected","HEM-7141T1"',
  '"2026/07/05 11:40","Europe/Berlin","118","79","64","Detected","Not Detected","HEM-7141T1"',
  '',
].join('\n')

export const omronWeightFixture = [
  '"Measurement Date","Timezone","Weight(lb)","Body Fat(%)","Visceral Fat","Resting Metabolism(kcal)","Skeletal Muscle(%)","BMI","Body Age(years old)","Device"',
  '"2026/01/05 07:00","Asia/Bangkok","162.4","21.4","7","1610","31.0","24.1","38","HBF-222T"',
  '',
].join('\n')

export const omronUsFixture = [
  'Date,Time,Systolic (mmHg),Diastolic (mmHg),Pulse (bpm),Symptoms,Consumed,TruRead,Notes',
  'Jan 12 2026,08:12,125,83,73,-,-,-,after coffee',
  'Jan 12 2026,20:12,121,80,70,Headache,-,-,-',
  '',
  'Date,Steps,Aerobic Steps',
  'Jan 12 2026,5120,800',
  '',
].join('\n')

export const laws = tableLaws('omron', 'omron.csv', {
  head: omronFixture.split('\n').slice(0, 1),
  rows: [
    ...omronFixture.split('\n').slice(1, -1),
    '"2026/07/06 07:10","Europe/Berlin","121","77","61",,"Not Detected","HEM-7141T1"',
  ],
})
