import sharp from 'sharp';

const [WIDTH, HEIGHT] = [37, 29];

/** A small picture of waves. @param {1 | 3 | 4} channels */
function waves(channels) {
  const pixels = Buffer.alloc(WIDTH * HEIGHT * channels);
  for (let i = 0; i < pixels.length; i++)
    pixels[i] = 128 + 90 * Math.sin(i / 7) * Math.cos(i / (WIDTH * channels));
  return sharp(pixels, { raw: { width: WIDTH, height: HEIGHT, channels } });
}

const XMP =
  '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/></x:xmpmeta>';

/** @param {sharp.Sharp} picture */
const withMetadata = (picture) =>
  picture
    .withExif({
      IFD0: { Copyright: 'nobody', Orientation: '6', Artist: 'a'.repeat(99) },
      IFD2: { DateTimeOriginal: '2026:01:01' },
    })
    .withIccProfile('p3')
    .withXmp(XMP)
    .withMetadata({ density: 300 });

/** XMP of one description. @param {string} attributes */
const described = (attributes, inside = '') =>
  XMP.replace(
    '"/></x',
    `"><rdf:Description rdf:about="" ${attributes}>${inside}</rdf:Description></rdf:RDF></x`,
  );

/** A JPEG with a gain map behind it, which a directory in its XMP lists. */
async function withGainMap() {
  const adobe = 'xmlns:hdrgm="http://ns.adobe.com/hdr-gain-map/1.0/" hdrgm:Version="1.0"';
  const map = await waves(1)
    .jpeg()
    .withXmp(described(`${adobe} hdrgm:GainMapMax="2"`))
    .toBuffer();
  const google = 'http://ns.google.com/photos/1.0/container/';
  const item = `<rdf:li rdf:parseType="Resource"><Container:Item Item:Semantic="GainMap" Item:Length="${map.length}"/></rdf:li>`;
  const directory = described(
    `${adobe} xmlns:Container="${google}" xmlns:Item="${google}item/"`,
    `<Container:Directory><rdf:Seq>${item}</rdf:Seq></Container:Directory>`,
  );
  return Buffer.concat([await waves(3).jpeg().withXmp(directory).toBuffer(), map]);
}

/**
 * Whole files of every format that is read, without and with metadata, in the variants whose readers differ.
 * @returns {Promise<{ name: string, bytes: Buffer }[]>}
 */
export async function originals() {
  /** @type {[string, sharp.Sharp][]} */
  const made = [
    ['plain.jpg', waves(3).jpeg()],
    ['progressive.jpg', waves(3).jpeg({ progressive: true })],
    ['metadata.jpg', withMetadata(waves(3)).jpeg()],
    ['grey.png', waves(1).png()],
    ['alpha.png', waves(4).png()],
    ['deep.png', waves(3).toColourspace('rgb16').png()],
    ['metadata.png', withMetadata(waves(3)).png()],
    ['palette.png', waves(3).png({ palette: true })],
    ['lossy.webp', waves(3).webp()],
    ['metadata.webp', withMetadata(waves(4)).webp({ lossless: true })],
    ['plain.avif', waves(3).avif({ effort: 0 })],
    ['metadata.avif', withMetadata(waves(3)).avif({ effort: 0 })],
    ['plain.tif', waves(3).tiff({ compression: 'none' })],
    ['deflate.tif', waves(3).tiff({ compression: 'deflate' })],
    ['tiled.tif', waves(3).tiff({ compression: 'lzw', tile: true, tileWidth: 16, tileHeight: 16 })],
    ['big.tif', waves(3).tiff({ bigtiff: true })],
    ['metadata.tif', withMetadata(waves(3)).tiff()],
    ['deep.tif', waves(3).toColourspace('rgb16').tiff()],
    ['plain.gif', waves(3).gif()],
  ];
  const files = made.map(async ([name, picture]) => ({ name, bytes: await picture.toBuffer() }));
  return [...(await Promise.all(files)), { name: 'gainmap.jpg', bytes: await withGainMap() }];
}
