/** The part of @lhncbc/ucum-lhc that is used here; the package has no types of its own. */
declare module '@lhncbc/ucum-lhc' {
  export interface UcumUnit {
    readonly csCode_: string
    readonly isArbitrary_: boolean
    readonly isSpecial_: boolean
  }
  export interface UcumSpecified {
    readonly status: 'valid' | 'invalid' | 'error'
    readonly ucumCode: string | null
    readonly unit?: { readonly code: string; readonly name: string; readonly guidance: string } | null
  }
  export interface UcumConversion {
    readonly status: 'succeeded' | 'failed' | 'error'
    readonly toVal: number | null
    readonly msg?: readonly string[]
  }
  export interface UcumUtils {
    validateUnitString(text: string): UcumSpecified
    convertUnitTo(from: string, value: number, to: string): UcumConversion
  }
  export const UcumLhcUtils: { getInstance(): UcumUtils }
}
