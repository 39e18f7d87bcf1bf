/**
 * A picture file from an SVG chart, through resvg with a font of our own: the same on a machine without any fonts.
 * resvg is a native library and loads only here, when asked.
 */
import { createRequire } from 'node:module'

/** PNG bytes of an SVG that `svgChart` made. `scale` 2 gives a picture for dense screens and print. */
export async function pngChart(svg: string, scale = 2): Promise<Uint8Array> {
  const { Resvg } = await import('@resvg/resvg-js')
  const { resolve } = createRequire(import.meta.url)
  const fontFiles = ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf'].map((file) =>
    resolve(`dejavu-fonts-ttf/ttf/${file}`),
  )
  const picture = new Resvg(svg, {
    font: {
      loadSystemFonts: false,
      fontFiles,
      defaultFontFamily: 'DejaVu Sans',
      sansSerifFamily: 'DejaVu Sans',
    },
    fitTo: { mode: 'zoom', value: scale },
  })
  return new Uint8Array(picture.render().asPng())
}
