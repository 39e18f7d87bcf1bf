/** Published cut-points and their citations. */
export * from './category.ts'
