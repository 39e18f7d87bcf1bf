/**
 * Data streams of Google Fit and the sources that they become (developers.google.com/fit/rest/v1/data-sources).
 *
 * A stream is called `raw|derived:<data type>:<application>[:<maker>:<model>:<device id>][:<name>]`. One measurement is in several:
 * in the raw stream of the device, in streams derived from it, in the one that Google merged. Where values add up, the streams are
 * sources of different rank and the overlap rule takes the merged one; where they do not, a point is named after
 * the stream that it originates from, so that its copies are one observation.
 */
import { normaliseSource, type Source } from '../../records/index.ts'

/** Sums of whole days rank before all else of an export: labels are in order of rank. */
export const sums = {
  days: appSource('Google Fit'),
  quarters: appSource('Google Fit/15 min'),
  merged: appSource('Google Fit/merged'),
  activities: appSource('Google Fit/sessions'),
} as const

/** Sleep that stands among activities instead of in sleep segments ranks behind those. */
const mergedSegments = appSource('Google Fit/merged activities')

export interface StreamName {
  readonly isDerived: boolean
  /** `com.google.step_count.delta`; '' where the text is no stream. */
  readonly dataType: string
  readonly application: string
  readonly device: string
  /** `merge_step_deltas`. */
  readonly name: string
}

const google = /^com\.google\.android\.(gms|apps\.fitness|wearable\.app)$/
const mergedName = /^(merge_|merged$|top_level$)/

/** Takes the name of a stream apart; what it was derived from (`<-…`) is not looked at. */
export function streamName(text: string): StreamName {
  const parts = (text.split('<-')[0] ?? '').split(':').map((part) => part.trim())
  const [kind = '', dataType = '', application = '', maker = '', model = ''] = parts
  const isStream = /^(raw|derived)$/.test(kind)
  const hasDevice = parts.length >= 6
  return {
    isDerived: kind === 'derived',
    dataType: isStream ? dataType : '',
    application,
    device: hasDevice ? deviceTitle(maker, model) : '',
    name: (hasDevice ? parts.slice(6) : parts.slice(3)).join(' '),
  }
}

export function isMerged({ isDerived, name }: StreamName): boolean {
  return isDerived && mergedName.test(name)
}

/** The source of values that add up. */
export function sumSource(stream: StreamName, isActivity: boolean): Source {
  if (isMerged(stream)) return isActivity ? mergedSegments : sums.merged
  const words = [stream.device, google.test(stream.application) ? '' : stream.application, stream.name]
  return appSource(`Google Fit/stream ${words.filter((word) => word !== '').join(' ')}`.trim().slice(0, 200))
}

/** The source of readings: the device or application that they originate from. */
export function readingSource({ application, device }: StreamName): Source {
  const isOwn = application === '' || google.test(application)
  return normaliseSource({ name: isOwn ? 'Google Fit' : `Google Fit/${application}`.slice(0, 200), device })
}

/** All of one export are of one class, so that their rank is that of their labels, whatever a device is called. */
function appSource(name: string): Source {
  return { ...normaliseSource({ name }), deviceClass: 'app' }
}

function deviceTitle(maker: string, model: string): string {
  return model.toLowerCase().startsWith(maker.toLowerCase()) ? model : `${maker} ${model}`
}
