import * as v from 'valibot';
import { FaultError } from '../../shared/faults';
import { sheetDocumentSchema, type SheetDocument } from '../../shared/sheet';

/**
 * The document that a sheet was made by, as text that stands in every kind of file: base64 between two marks,
 * so that it is found without reading the file's form.
 */
const BEGIN = 'enlarger-sheet:';
const END = ':enlarger-sheet';
const PATTERN = /enlarger-sheet:([A-Za-z0-9+/=]+):enlarger-sheet/;

/** The key that PNG, PDF and others keep the text under. */
export const EMBEDDED_KEY = 'EnlargerSheet';

/** Fields stand in the schema's order, whatever way the document came. */
export function embeddedText(document: SheetDocument): string {
  const json = JSON.stringify(v.parse(sheetDocumentSchema, document));
  return `${BEGIN}${Buffer.from(json, 'utf8').toString('base64')}${END}`;
}

/** The text as XMP, which WebP keeps. */
export const embeddedXmp = (text: string): string =>
  '<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">' +
  '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" ' +
  `xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:source>${text}</dc:source></rdf:Description></rdf:RDF>` +
  '</x:xmpmeta><?xpacket end="w"?>';

/** GIF keeps text in blocks of at most 255 bytes, each after its length. */
const BLOCK_BYTES = 255;
const COMMENT = Buffer.from([0x21, 0xfe]);

/** A comment of GIF89a. */
export function gifComment(text: string): Buffer {
  const bytes = Buffer.from(text, 'latin1');
  const blocks: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += BLOCK_BYTES) {
    const block = bytes.subarray(at, at + BLOCK_BYTES);
    blocks.push(Buffer.from([block.length]), block);
  }
  return Buffer.concat([COMMENT, ...blocks, Buffer.from([0])]);
}

function gifCommentText(file: Buffer): string {
  const begin = file.indexOf(
    Buffer.concat([COMMENT, Buffer.from([BLOCK_BYTES]), Buffer.from(BEGIN, 'latin1')]),
  );
  if (begin < 0) return '';
  const parts: string[] = [];
  for (let at = begin + 2; file[at] !== undefined && file[at]! > 0; at += 1 + file[at]!) {
    parts.push(file.toString('latin1', at + 1, at + 1 + file[at]!));
  }
  return parts.join('');
}

/** The first sheets called their style `look`. */
function ofToday(document: unknown): unknown {
  if (typeof document !== 'object' || document === null || !('look' in document)) return document;
  const { look, ...rest } = document;
  return { ...rest, style: look };
}

/** The document in a sheet's file; throws `bad-option` where there is none that this version can read. */
export function readEmbedded(file: Buffer, name: string): SheetDocument {
  const text =
    file.subarray(0, 3).toString('latin1') === 'GIF' ? gifCommentText(file) : file.toString('latin1');
  const found = PATTERN.exec(text)?.[1];
  if (found === undefined) {
    throw new FaultError(
      'bad-option',
      `Expected a sheet that Enlarger made, found nothing in ${name} that says how it was; make it anew with "enlarger compare".`,
      { file: name },
    );
  }
  try {
    return v.parse(sheetDocumentSchema, ofToday(JSON.parse(Buffer.from(found, 'base64').toString('utf8'))));
  } catch (error) {
    throw new FaultError(
      'bad-option',
      `Expected a sheet that this version of Enlarger can read, but what ${name} says of how it was made is damaged or of another version.`,
      { file: name, detail: error instanceof Error ? error.message : String(error) },
    );
  }
}
