import { isDocumentName } from '../../shared/documentFile';
import { useDocuments } from '../stores/documents';
import { useImports } from '../stores/imports';
import { usePhotos } from '../stores/photos';
import { partedFiles } from './partedFiles';

/** What is done with files that arrive, by whatever way: a document is opened first, so that its photos find their places. */
export function useFiles(): (files: readonly File[]) => Promise<void> {
  const documents = useDocuments();
  const imports = useImports();
  const photos = usePhotos();
  return async (files) => {
    const [models, others] = partedFiles(files);
    if (models.length > 0) imports.offer(models);
    for (const file of others) if (isDocumentName(file.name)) await documents.openFile(file);
    const pictures = others.filter(({ name }) => !isDocumentName(name));
    if (pictures.length > 0) await photos.openFiles(pictures);
  };
}
