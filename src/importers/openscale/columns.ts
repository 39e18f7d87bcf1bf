/** Columns of weighings of app versions 1 and 2, in their table and in their CSV → metric and unit. */
export const earlyColumns: Readonly<Record<string, readonly [string, string]>> = {
  weight: ['weight', 'kg'],
  fat: ['body_fat', '%'],
  water: ['body_water', '%'],
  lbm: ['lean_mass', 'kg'],
  lbw: ['lean_mass', 'kg'],
  bone: ['bone_mass', 'kg'],
  visceralfat: ['visceral_fat_rating', '{score}'],
  waist: ['waist', 'cm'],
  hip: ['hip', 'cm'],
  neck: ['neck', 'cm'],
}
