import { computed } from 'vue';
import type { MethodOptions } from '../../shared/contract';
import { depthIn, writtenTraits } from '../../shared/formats';
import type { EditorDocument } from '../document/document';
import { stripOf } from '../document/exports';
import { planExport, type PlannedFile } from '../document/exportPlan';
import { useDocument } from '../stores/document';
import type { FileOrder } from './fileJobs';
import { useMethods } from '../stores/methods';
import { useSettings } from '../stores/settings';
import { estimateSeconds } from './methodList';
import { optionsOf } from './methodSettings';

/** What an export of the document makes, and the orders for it. */
export function useExportPlan() {
  const doc = useDocument();
  const methods = useMethods();
  const settings = useSettings();

  const optionsIn = ({ method, turned }: PlannedFile): MethodOptions =>
    optionsOf(methods.byId.get(method) ?? null, turned);

  /** The order of one file; `name`: another than the plan has. */
  function orderOf(file: PlannedFile, name = file.name): FileOrder {
    const { photo, region, method, scale, size } = file;
    const { encoding, keep } = doc.present.exports;
    const strip = stripOf(keep);
    const usual = writtenTraits(encoding.format).quality;
    const quality = usual === null ? undefined : (encoding.quality ?? usual);
    // A photo that tells its own density keeps it, unless another one was chosen.
    const density = photo.info.density ? photo.settings.dpi : file.dpi;
    const sum = methods.byId.get(method)?.sum;
    return {
      name,
      megapixels: (size.width * size.height) / 1e6,
      order: {
        enlargement: {
          photo: photo.info.photo,
          ...(region === null ? {} : { region: region.rect }),
          method: { id: method, ...(sum !== undefined && { sum }) },
          scale,
          options: optionsIn(file),
        },
        device: settings.settings.device,
        encoding: {
          format: encoding.format,
          depth: depthIn(encoding.format, encoding.depth, photo.info),
          ...(quality === undefined ? {} : { quality }),
          ...(density === null ? {} : { density }),
          ...(strip.length === 0 ? {} : { strip }),
        },
      },
    };
  }

  /** Seconds on this machine for those of them of which that is known, and how many these are. */
  function timeOf(files: readonly PlannedFile[]): { readonly seconds: number; readonly known: number } {
    const each = files.map((file) => {
      const card = methods.byId.get(file.method);
      const megapixels = (file.size.width * file.size.height) / 1e6;
      return card ? estimateSeconds(card, file.scale, megapixels, optionsIn(file)) : null;
    });
    const known = each.filter((one) => one !== null);
    return { seconds: known.reduce((sum, one) => sum + one, 0), known: known.length };
  }
  /** Seconds for all of them; null: of one it is not known. */
  function secondsOf(files: readonly PlannedFile[]): number | null {
    const { seconds, known } = timeOf(files);
    return known === files.length ? seconds : null;
  }

  const planOf = (document: EditorDocument): readonly PlannedFile[] =>
    planExport(document, settings.settings.dpi);

  return { plan: computed(() => planOf(doc.present)), planOf, orderOf, timeOf, secondsOf, optionsIn };
}
