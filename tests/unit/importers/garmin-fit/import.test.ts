import { describe, expect, it } from 'vitest'
import { type ImportOptions, type InputMember, runImport } from '../../../../src/importers/index.ts'
import { inputOf, memberOf, RememberingSink, settled } from '../harness.ts'
import {
  enumType,
  FitBuilder,
  float32,
  morning,
  sint16,
  uint8,
  uint16,
  uint32,
  withFileId,
  withLocalTime,
  withSession,
} from './fit-file.ts'

/** A FIT file of so many MB, of messages that no profile knows: what sensors of a research device write. */
function fillerFile(megabytes: number): Uint8Array {
  const definition = Buffer.from([0x40, 0, 0, 0x00, 0xff, 1, 0, 255, 0x0d])
  const data = Buffer.alloc(megabytes * 4096 * 256, 1)
  for (let at = 0; at < data.length; at += 256) data[at] = 0
  const header = Buffer.alloc(12)
  header[0] = 12
  header.writeUInt32LE(definition.length + data.length, 4)
  header.write('.FIT', 8, 'latin1')
  return Buffer.concat([header, definition, data, Buffer.alloc(2)])
}

async function importFit(bytes: Uint8Array, options: Partial<ImportOptions> = {}, name = 'run.fit') {
  return importFiles([memberOf(name, [bytes])], options)
}

async function importFiles(members: readonly InputMember[], options: Partial<ImportOptions>) {
  const sink = new RememberingSink()
  const report = await runImport({
    input: inputOf(...members),
    importer: 'auto',
    sink,
    options: { importId: 'i', zone: 'UTC', ...options },
  })
  expect(settled(report)).toBe(report.read)
  return { report, sink, rows: rowsOf(sink) }
}

/** `metric value unit @ start +duration (offset)`, in order of writing. */
function rowsOf(sink: RememberingSink): string[] {
  return sink.chunks.flatMap((chunk) =>
    chunk.blocks.flatMap(({ series, columns }) =>
      Array.from({ length: columns.length }, (_, i) => {
        const values = columns.values.map((column) => Math.round((column[i] as number) * 1000) / 1000)
        const start = new Date(columns.startMs[i] as number).toISOString().slice(0, 19)
        return `${series.metric} ${values.join('/')} ${series.unit} @ ${start} +${columns.durationMs[i]}`
      }),
    ),
  )
}

const recordFields = [
  { number: 253, ...uint32 },
  { number: 3, ...uint8 },
  { number: 4, ...uint8 },
  { number: 6, ...uint16 },
  { number: 7, ...uint16 },
]

function running(): FitBuilder {
  return withSession(withLocalTime(withFileId(new FitBuilder(), 4)), 1)
    .define(1, 20, recordFields)
    .data(1, [morning, 120, 80, 2500, 0xffff])
    .data(1, [morning + 1, 0xff, 0xff, 0xffff, 0xffff])
    .data(1, [morning + 2, 122, 0, 0, 230])
}

describe('an activity', () => {
  it('becomes readings of its sport, a workout and a distance', async () => {
    const { report, rows } = await importFit(running().file())
    expect(rows.sort()).toEqual([
      'cadence_running 160 /min @ 2026-01-02T08:00:00 +0',
      'distance_walking_running 2000 m @ 2026-01-02T08:00:00 +600000',
      'heart_rate 120 /min @ 2026-01-02T08:00:00 +0',
      'heart_rate 122 /min @ 2026-01-02T08:00:02 +0',
      'running_power 230 W @ 2026-01-02T08:00:02 +0',
      'running_speed 2.5 m/s @ 2026-01-02T08:00:00 +0',
      'workout 540 s @ 2026-01-02T08:00:00 +600000',
    ])
    expect(report.unmapped).toEqual({ record: 1 })
    expect(report.kept).toEqual({ 'activity-file': 1 })
  })

  it('keeps totals and the sport beside the workout', async () => {
    const { sink } = await importFit(running().file())
    const extra = [...sink.rows.entries()].find(([key]) => key.startsWith('workout'))?.[1] ?? ''
    expect(extra).toContain('"context":"running"')
    expect(extra).toContain('"totalCalories":"150 kcal"')
    expect(extra).toContain('"totalDistance":"2000 m"')
  })

  it('names the device as other files of its maker do, activities apart from readings', async () => {
    const { sink } = await importFit(running().file())
    const sources = new Set(
      sink.chunks.flatMap((chunk) =>
        chunk.blocks.map(({ series: { source } }) => `${source.device}|${source.app}`),
      ),
    )
    expect(sources).toEqual(new Set(['Garmin Forerunner 945|Garmin', 'Garmin Forerunner 945|Garmin/FIT']))
  })

  it('takes the offset that the file states, unless the person gives a zone', async () => {
    const own = await importFit(running().file(), { zone: undefined as never })
    expect(own.sink.chunks[0]?.blocks[0]?.columns.offsetMin[0]).toBe(120)
    const given = await importFit(running().file(), { zone: 'Asia/Tokyo' })
    expect(given.sink.chunks[0]?.blocks[0]?.columns.offsetMin[0]).toBe(540)
  })

  it('counts standing still of a bicycle as no power, but no cadence', async () => {
    const file = withSession(withFileId(new FitBuilder(), 4), 2)
      .define(1, 20, recordFields)
      .data(1, [morning, 100, 0, 0, 0])
      .data(1, [morning + 1, 101, 90, 8000, 200])
      .file()
    const { report } = await importFit(file)
    expect(report.byMetric).toMatchObject({
      cycling_power: 2,
      cadence_cycling: 1,
      cycling_speed: 1,
      heart_rate: 2,
    })
    expect(report.byMetric).toHaveProperty('distance_cycling', 1)
  })

  it('gives each record of a triathlon the sport of its session; a transition is no workout', async () => {
    const leg = (start: number, sport: number) => [start + 100, start, sport, 0, 100_000, 100_000, 50_000, 10]
    const file = withSession(withFileId(new FitBuilder(), 4), 5)
      .data(14, leg(morning + 700, 3))
      .data(14, leg(morning + 900, 2))
      .define(1, 20, recordFields)
      .data(1, [morning + 10, 120, 30, 1000, 0xffff])
      .data(1, [morning + 950, 130, 90, 8000, 210])
      .data(1, [morning + 5000, 131, 90, 8000, 210])
      .file()
    const { report } = await importFit(file)
    expect(report.byMetric).toEqual({
      cadence_cycling: 1,
      cycling_power: 1,
      cycling_speed: 1,
      distance_cycling: 1,
      distance_swimming: 1,
      heart_rate: 3,
      workout: 2,
    })
    expect(report.unmapped).toEqual({ 'session transition': 1 })
  })

  it('counts the strokes of pool lengths, and no session without a duration', async () => {
    const file = withFileId(new FitBuilder(), 4)
      .define(1, 101, [
        { number: 253, ...uint32 },
        { number: 2, ...uint32 },
        { number: 3, ...uint32 },
        { number: 5, ...uint16 },
        { number: 7, ...enumType },
      ])
      .data(1, [morning + 30, morning, 30_000, 14, 0])
      .data(1, [morning + 60, morning + 30, 30_000, 0xffff, 0xff])
      .define(2, 18, [
        { number: 253, ...uint32 },
        { number: 5, ...enumType },
      ])
      .data(2, [morning + 60, 5])
      .file()
    const { report, rows } = await importFit(file)
    expect(rows).toEqual(['swimming_strokes 14 {strokes} @ 2026-01-02T08:00:00 +30000'])
    expect(report.refusals).toMatchObject([{ where: 'run.fit:session 1', reason: 'it has no duration' }])
  })

  it('refuses what has no date or one before the device knew the time', async () => {
    const file = withFileId(new FitBuilder(), 4)
      .define(1, 20, recordFields)
      .data(1, [1234, 120, 0xff, 0xffff, 0xffff])
      .file()
    const { report } = await importFit(file)
    expect(report.refusals).toMatchObject([{ where: 'run.fit:record 1', code: 'DATE' }])
  })

  it('reads power of a foot pod that a developer field holds', async () => {
    const text = (value: string, size: number) => [...Buffer.from(value.padEnd(size, '\0'))]
    const file = withSession(withFileId(new FitBuilder(), 4), 1)
      .define(2, 207, [{ number: 3, ...uint8 }])
      .data(2, [0])
      .define(3, 206, [
        { number: 0, ...uint8 },
        { number: 1, ...uint8 },
        { number: 2, ...uint8 },
        { number: 3, size: 8, type: 0x07 },
        { number: 14, ...uint16 },
        { number: 15, ...uint8 },
      ])
      .data(3, [0, 0, 0x84, text('Power', 8), 20, 7])
      .define(
        4,
        20,
        [
          { number: 253, ...uint32 },
          { number: 3, ...uint8 },
        ],
        [[0, 2, 0]],
      )
      .data(4, [morning, 120], [250, 0])
      .file()
    const { report, rows } = await importFit(file)
    expect(rows).toContain('running_power 250 W @ 2026-01-02T08:00:00 +0')
    expect(report.refused).toBe(0)
  })
})

describe('the container', () => {
  it('reads compressed timestamp headers, which count on and roll over', async () => {
    const file = withFileId(new FitBuilder(), 4)
      .define(1, 20, [
        { number: 253, ...uint32 },
        { number: 3, ...uint8 },
      ])
      .define(2, 20, [{ number: 3, ...uint8 }])
      .data(1, [morning, 100])
      .compressed(2, (morning + 5) & 31, [101])
      .compressed(2, (morning + 3) & 31, [102])
      .data(1, [morning + 100, 103])
      .compressed(2, (morning + 101) & 31, [104])
      .file()
    const { rows } = await importFit(file)
    expect(rows).toEqual([
      'heart_rate 100 /min @ 2026-01-02T08:00:00 +0',
      'heart_rate 101 /min @ 2026-01-02T08:00:05 +0',
      // 3 stands before 5: 32 seconds on.
      'heart_rate 102 /min @ 2026-01-02T08:00:35 +0',
      'heart_rate 103 /min @ 2026-01-02T08:01:40 +0',
      'heart_rate 104 /min @ 2026-01-02T08:01:41 +0',
    ])
  })

  it('reads files one behind the other and tells which one a place is in', async () => {
    const bad = withFileId(new FitBuilder(), 4)
      .define(1, 20, recordFields)
      .data(1, [5, 120, 0xff, 0xffff, 0xffff])
    const { report } = await importFit(Buffer.concat([running().file(), bad.file()]))
    expect(report.byMetric['heart_rate']).toBe(2)
    expect(report.refusals).toMatchObject([{ where: 'run.fit#2:record 1' }])
  })

  it('joins a part without a head of its own to the file before it', async () => {
    const later = new FitBuilder().define(1, 20, recordFields).data(1, [morning + 9, 125, 80, 2500, 0xffff])
    const { report } = await importFit(Buffer.concat([running().file(), later.file()]))
    expect(report.byMetric).toMatchObject({ heart_rate: 3, cadence_running: 2 })
  })

  it('takes good data under a wrong checksum, and says so', async () => {
    const { report } = await importFit(running().file({ wrongChecksum: true }))
    expect(report.byMetric['heart_rate']).toBe(2)
    expect(report.refusals).toEqual([])
    expect(report.notes).toContain('run.fit: the checksum is wrong, the messages were read all the same')
  })

  it('takes what comes before the place where a file is cut off', async () => {
    const whole = running().file()
    const { report } = await importFit(whole.subarray(0, whole.length - 2 - 5))
    expect(report.byMetric['heart_rate']).toBe(1)
    expect(report.refusals).toHaveLength(1)
    expect(report.refusals[0]?.reason).toMatch(
      /it ends inside a message \(byte \d+\); what comes before was read/,
    )
  })

  it.each([1, 2])(
    'tells that %i bytes of the checksum are missing, with all messages taken',
    async (missing) => {
      const whole = running().file()
      const { report } = await importFit(whole.subarray(0, whole.length - missing))
      expect(report.byMetric['heart_rate']).toBe(2)
      expect(report.refusals).toMatchObject([
        { reason: 'the file ends inside its checksum; all messages were read', code: 'REFUSED_INPUT' },
      ])
    },
  )

  it('reads a recording that was never closed', async () => {
    const { report } = await importFit(running().file({ dataSize: 0 }))
    expect(report.byMetric['heart_rate']).toBe(2)
    expect(report.refusals).toHaveLength(1)
  })

  it('stops at a message without a definition', async () => {
    const { report } = await importFit(running().raw(0x09, 1, 2, 3).file())
    expect(report.byMetric['heart_rate']).toBe(2)
    expect(report.refusals[0]?.reason).toMatch(/a message comes before its definition/)
  })

  it('stops inside a definition that is cut off', async () => {
    const { report } = await importFit(running().raw(0x49, 0, 0, 20, 0, 9, 1).file())
    expect(report.byMetric['heart_rate']).toBe(2)
    expect(report.refusals[0]?.reason).toMatch(/it ends inside a definition/)
  })

  it('passes over unknown messages and base types that do not exist', async () => {
    const file = running()
      .define(5, 0xff00, [{ number: 1, size: 3, type: 0x0d }])
      .data(5, [[1, 2, 3]])
      .define(6, 20, [
        { number: 253, ...uint32 },
        { number: 3, ...uint8 },
        { number: 99, size: 2, type: 0x1f },
      ])
      .data(6, [morning + 50, 130, 7])
      .file()
    const { report } = await importFit(file)
    expect(report.byMetric['heart_rate']).toBe(3)
    expect(report.refusals).toEqual([])
  })

  it('leaves out a message at which the SDK fails and keeps the others', async () => {
    // A field description whose base type does not exist, and a record that uses it.
    const file = withFileId(new FitBuilder(), 4)
      .define(2, 207, [{ number: 3, ...uint8 }])
      .data(2, [0])
      .define(3, 206, [
        { number: 0, ...uint8 },
        { number: 1, ...uint8 },
        { number: 2, ...uint8 },
      ])
      .data(3, [0, 0, 0x1e])
      .define(
        4,
        20,
        [
          { number: 253, ...uint32 },
          { number: 3, ...uint8 },
        ],
        [[0, 1, 0]],
      )
      .data(4, [morning, 120], [1])
      .define(1, 20, recordFields)
      .data(1, [morning + 1, 121, 0xff, 0xffff, 0xffff])
      .file()
    const { report, rows } = await importFit(file)
    expect(rows).toEqual(['heart_rate 121 /min @ 2026-01-02T08:00:01 +0'])
    expect(report.refusals[0]?.reason).toBe('1 damaged messages were left out')
  })

  it('says of settings and of what is no FIT file that it holds nothing', async () => {
    const sink = new RememberingSink()
    const members = [
      memberOf('Settings.fit', [withFileId(new FitBuilder(), 2).file()]),
      memberOf('notes.txt', [Buffer.from('hello')]),
    ]
    const report = await runImport({
      input: inputOf(...members),
      importer: 'garmin-fit',
      sink,
      options: { importId: 'i' },
    })
    expect(report.read).toBe(0)
    expect(report.kept).toEqual({})
    expect(report.notes).toHaveLength(2)
  })

  it('goes on behind what an interrupted import has consumed', async () => {
    const bytes = running().file()
    const whole = await importFit(bytes)
    const rest = await importFit(bytes, { alreadyConsumed: 3 })
    expect(rest.report.read).toBe(whole.report.read - 3)
    expect(rest.report.consumed).toBe(whole.report.consumed)
  })
})

describe('monitoring', () => {
  const day = () =>
    withFileId(new FitBuilder(), 32)
      .define(1, 103, [
        { number: 253, ...uint32 },
        { number: 0, ...uint32 },
      ])
      .data(1, [morning, morning - 3 * 3600])
      .define(2, 55, [
        { number: 253, ...uint32 },
        { number: 3, ...uint32 },
        { number: 5, ...enumType },
        { number: 19, ...uint16 },
      ])
      .define(3, 55, [
        { number: 26, ...uint16 },
        { number: 27, ...uint8 },
      ])

  it('turns counters since midnight into what was done between two of their values', async () => {
    const file = day()
      // 400 steps until the file began: the file before it told them.
      .data(2, [morning, 400, 6, 20])
      .data(2, [morning + 900, 700, 6, 35])
      .data(2, [morning + 1800, 700, 6, 35])
      .data(2, [morning + 2700, 100, 1, 0xffff])
      .file()
    const { report, rows } = await importFit(file)
    expect(rows.sort()).toEqual([
      'active_energy 15 kcal @ 2026-01-02T08:00:00 +900000',
      // The first running of the file, counted since it began.
      'steps 100 {steps} @ 2026-01-02T08:00:00 +2700000',
      'steps 300 {steps} @ 2026-01-02T08:00:00 +900000',
    ])
    expect(report.merged).toBe(4)
  })

  it('begins anew at local midnight when a counter falls', async () => {
    // The local time of the file is three hours behind, so its day begins at 03:00 UTC.
    const late = morning + 18 * 3600
    const file = day()
      .data(2, [late, 1000, 6, 0xffff])
      .data(2, [late + 3 * 3600, 50, 6, 0xffff])
      .file()
    const { rows } = await importFit(file, { zone: undefined as never })
    expect(rows).toEqual([
      'steps 1000 {steps} @ 2026-01-02T08:00:00 +64800000',
      'steps 50 {steps} @ 2026-01-03T03:00:00 +7200000',
    ])
  })

  it('completes the low 16 bits of a time', async () => {
    const file = day()
      .data(3, [(morning + 60) & 0xffff, 61])
      .data(3, [(morning + 40_000) & 0xffff, 62])
      .data(3, [(morning + 70_000) & 0xffff, 63])
      .data(3, [(morning + 70_060) & 0xffff, 0])
      .file()
    const { report, rows } = await importFit(file)
    expect(rows).toEqual([
      'heart_rate 61 /min @ 2026-01-02T08:01:00 +0',
      'heart_rate 62 /min @ 2026-01-02T19:06:40 +0',
      'heart_rate 63 /min @ 2026-01-03T03:26:40 +0',
    ])
    expect(report.unmapped).toEqual({ monitoring: 1 })
  })

  it('refuses a counter without a time', async () => {
    const file = withFileId(new FitBuilder(), 32)
      .define(2, 55, [
        { number: 3, ...uint32 },
        { number: 5, ...enumType },
      ])
      .data(2, [400, 6])
      .file()
    const { report } = await importFit(file)
    expect(report.refusals).toMatchObject([{ where: 'run.fit:monitoring 1', code: 'DATE' }])
  })
})

describe('health messages', () => {
  const stamped = (more: readonly { number: number; size: number; type: number }[]) => [
    { number: 253, ...uint32 },
    ...more,
  ]

  it('reads a scale', async () => {
    const file = withFileId(new FitBuilder(), 9)
      .define(
        1,
        30,
        stamped([
          { number: 0, ...uint16 },
          { number: 1, ...uint16 },
          { number: 12, ...uint16 },
        ]),
      )
      .data(1, [morning, 7580, 2230, 0])
      .data(1, [morning + 60, 0xfffe, 0xffff, 0])
      .file()
    const { report, rows } = await importFit(file)
    expect(rows).toEqual([
      'weight 75.8 kg @ 2026-01-02T08:00:00 +0',
      'body_fat 22.3 % @ 2026-01-02T08:00:00 +0',
    ])
    expect(report.unmapped).toEqual({ weight_scale: 1 })
  })

  it('of more than 64 MB is read from disk, and not kept whole', async () => {
    const { report, rows } = await importFit(Buffer.concat([fillerFile(65), running().file()]))
    expect(rows).toContain('heart_rate 122 /min @ 2026-01-02T08:00:02 +0')
    expect(rows).toHaveLength((await importFit(running().file())).rows.length)
    expect(report.kept).toEqual({})
    expect(report.notes.join()).toContain('above 64 MB was read, but is not kept whole')
  })

  it('asks whose vault it is when a file holds two people', async () => {
    const file = withFileId(new FitBuilder(), 9)
      .define(
        1,
        30,
        stamped([
          { number: 0, ...uint16 },
          { number: 12, ...uint16 },
        ]),
      )
      .data(1, [morning, 7580, 0])
      .data(1, [morning + 60, 5820, 1])
      .file()
    const { report } = await importFit(file)
    expect(report.refused).toBe(2)
    expect(report.refusals[0]?.reason).toBe(
      'the file holds several people (user profiles 0, 1): say --whose NUMBER',
    )
    const answered = await importFit(file, { whose: '1' })
    expect(answered.rows).toEqual(['weight 58.2 kg @ 2026-01-02T08:01:00 +0'])
    expect(answered.report).toMatchObject({ skipped: 1, refused: 0 })
    const nobody = await importFit(file, { whose: '7' })
    expect(nobody.report.refusals.map(({ reason }) => reason)).toEqual([
      'it belongs to another person (user profiles 0, 1)',
      'it belongs to another person (user profiles 0, 1)',
    ])
  })

  it('passes over files of other people in a folder, whichever comes first, and keeps none of them', async () => {
    const weighing = (kg: number, index: number) =>
      withFileId(new FitBuilder(), 9)
        .define(
          1,
          30,
          stamped([
            { number: 0, ...uint16 },
            { number: 12, ...uint16 },
          ]),
        )
        .data(1, [morning, kg * 100, index])
        .file()
    const mine = memberOf('mine.fit', [weighing(58, 1)])
    const others = [0, 2].map((index) => memberOf(`${index}.fit`, [weighing(80 + index, index)]))
    for (const members of [
      [mine, ...others],
      [...others, mine],
    ]) {
      const { report, rows } = await importFiles(members, { whose: '1' })
      expect(report).toMatchObject({ imported: 1, skipped: 2, refused: 0, kept: { 'activity-file': 1 } })
      expect(rows).toEqual(['weight 58 kg @ 2026-01-02T08:00:00 +0'])
    }
    const nobody = await importFiles(others, { whose: '1' })
    expect(nobody.report).toMatchObject({ imported: 0, skipped: 0, refused: 2, kept: {} })
    const unnamed = await importFiles([mine, ...others], { whose: 'Ann' })
    expect(unnamed.report.refusals[0]?.reason).toBe(
      'the file does not name its people (user profiles 1): say --whose NUMBER',
    )
  })

  it('reads a cuff; a reading with an error is no measurement', async () => {
    const file = withFileId(new FitBuilder(), 14)
      .define(
        1,
        51,
        stamped([
          { number: 0, ...uint16 },
          { number: 1, ...uint16 },
          { number: 2, ...uint16 },
          { number: 6, ...uint8 },
          { number: 8, ...enumType },
        ]),
      )
      .data(1, [morning, 128, 82, 97, 61, 0])
      .data(1, [morning + 60, 180, 20, 97, 61, 4])
      .data(1, [morning + 120, 0xffff, 0xffff, 0xffff, 0xff, 0])
      .file()
    const { report, rows } = await importFit(file)
    expect(rows).toEqual([
      'blood_pressure 128/82 mm[Hg] @ 2026-01-02T08:00:00 +0',
      'mean_arterial_pressure 97 mm[Hg] @ 2026-01-02T08:00:00 +0',
      'heart_rate 61 /min @ 2026-01-02T08:00:00 +0',
    ])
    expect(report.unmapped).toEqual({ blood_pressure: 2 })
  })

  it('reads sleep levels until the next one and the last until the sleep ends', async () => {
    const file = withFileId(new FitBuilder(), 49)
      .define(1, 275, stamped([{ number: 0, ...enumType }]))
      .data(1, [morning, 1])
      .data(1, [morning + 600, 2])
      .data(1, [morning + 1200, 3])
      .data(1, [morning + 1800, 4])
      .data(1, [morning + 2400, 0])
      .data(1, [morning + 3000, 2])
      .define(
        2,
        21,
        stamped([
          { number: 0, ...enumType },
          { number: 1, ...enumType },
        ]),
      )
      .data(2, [morning + 3300, 74, 1])
      .define(3, 346, [
        { number: 6, ...uint8 },
        { number: 11, ...uint8 },
      ])
      .data(3, [81, 2])
      .file()
    const { report, rows } = await importFit(file)
    expect(rows).toEqual([
      'sleep_awake 600 s @ 2026-01-02T08:00:00 +600000',
      'sleep_core 600 s @ 2026-01-02T08:10:00 +600000',
      'sleep_core 300 s @ 2026-01-02T08:50:00 +300000',
      'sleep_deep 600 s @ 2026-01-02T08:20:00 +600000',
      'sleep_rem 600 s @ 2026-01-02T08:30:00 +600000',
      'sleep_score 81 {score} @ 2026-01-02T08:55:00 +0',
      'sleep_awakenings 2 {count} @ 2026-01-02T08:55:00 +0',
    ])
    expect(report.unmapped).toEqual({ sleep_level: 1 })
  })

  it('reads stress, saturation, breathing, variability, fitness and skin temperature, not their codes', async () => {
    const file = withFileId(new FitBuilder(), 32)
      .define(1, 227, [
        { number: 0, ...sint16 },
        { number: 1, ...uint32 },
      ])
      .data(1, [35, morning])
      .data(1, [-2, morning + 60])
      .define(2, 269, stamped([{ number: 0, ...uint8 }]))
      .data(2, [morning, 97])
      .define(3, 297, stamped([{ number: 0, ...sint16 }]))
      .data(3, [morning, 1450])
      .data(3, [morning + 60, -100])
      .define(4, 371, stamped([{ number: 0, ...uint16 }]))
      .data(4, [morning, 45 * 128])
      .define(5, 229, [
        { number: 0, ...uint32 },
        { number: 2, ...uint16 },
      ])
      .data(5, [morning, 523])
      .define(
        6,
        398,
        stamped([
          { number: 1, ...float32 },
          { number: 4, ...float32 },
        ]),
      )
      .data(6, [morning, -0.5, 34.5])
      .define(
        7,
        211,
        stamped([
          { number: 0, ...uint8 },
          { number: 1, ...uint8 },
        ]),
      )
      .data(7, [morning, 55, 53])
      .define(8, 78, [{ number: 0, ...uint16 }])
      .data(8, [800])
      .file()
    const { report, rows } = await importFit(file)
    expect(rows.sort()).toEqual([
      'hrv_rmssd 45 ms @ 2026-01-02T08:00:00 +0',
      'oxygen_saturation 97 % @ 2026-01-02T08:00:00 +0',
      'respiratory_rate 14.5 /min @ 2026-01-02T08:00:00 +0',
      'resting_heart_rate 53 /min @ 2026-01-02T08:00:00 +0',
      'stress_score 35 {score} @ 2026-01-02T08:00:00 +0',
      'temperature_deviation -0.5 Cel @ 2026-01-02T08:00:00 +0',
      'vo2_max 52.3 mL/kg/min @ 2026-01-02T08:00:00 +0',
      'wrist_temperature 34.5 Cel @ 2026-01-02T08:00:00 +0',
    ])
    expect(report.unmapped).toEqual({ hrv: 1, respiration_rate: 1, stress_level: 1 })
  })

  it('spreads the readings of a research message over its interval', async () => {
    const file = withFileId(new FitBuilder(), 32)
      .define(
        1,
        308,
        stamped([
          { number: 0, ...uint16 },
          { number: 2, size: 3, type: 0x02 },
        ]),
      )
      .data(1, [morning, 3, [60, 0xff, 62]])
      .file()
    const { rows } = await importFit(file)
    expect(rows).toEqual([
      'heart_rate 60 /min @ 2026-01-02T08:00:00 +0',
      'heart_rate 62 /min @ 2026-01-02T08:00:02 +0',
    ])
  })

  it('reads naps', async () => {
    const fields = [
      { number: 0, ...uint32 },
      { number: 2, ...uint32 },
      { number: 5, ...enumType },
    ]
    const file = withFileId(new FitBuilder(), 32)
      .define(1, 412, fields)
      .data(1, [morning, morning + 1200, 0])
      .data(1, [morning + 5000, morning + 6000, 1])
      .file()
    const { report, rows } = await importFit(file)
    expect(rows).toEqual(['sleep_asleep 1200 s @ 2026-01-02T08:00:00 +1200000'])
    expect(report.unmapped).toEqual({ nap_event: 1 })
  })
})
